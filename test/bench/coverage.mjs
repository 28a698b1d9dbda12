#!/usr/bin/env node
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
// How often do the intervals of a result contain the true value? Queues with known answers,
// simulated with many seeds:
//   node test/bench/coverage.mjs [--seeds 300] [--only TEXT] [--json]
// --only runs only worlds whose name contains the text. Prints each row as it is known; exit code 1
// if a row misses its stated coverage. Takes about three minutes of one core at 300 seeds. A loss
// system gets five times as many: its runs are short, and its coverage has an upper bound, too.
import { parseArgs } from "node:util";
import { readScenario } from "../../dist/experiment/scenario-file.js";
import { summarise } from "../../dist/experiment/summarise.js";
import { simulate } from "../../dist/world/simulate.js";
import { noUserModules } from "../../dist/world/user-modules.js";

const SERVERS = 10;
const SERVICE_S = 60;
const LOSS_SEEDS = 5;
const queue = (rate, hours, more) => `name: coverage
duration: ${hours}h
warmup: ${hours / 8}h
traffic: {source: poisson, rate: ${rate}/s}
streams: {holding: {kind: exponential, mean: 1min}}
fleet: {streamlet: {slots: 1, spawn: 0s}, max: ${SERVERS}}
policies: [{kind: static, count: ${SERVERS}}]
${more}`;

/** Erlang's B and C. */
function erlang(load) {
  let blocked = 1;
  for (let k = 1; k <= SERVERS; k++) blocked = (load * blocked) / (k + load * blocked);
  return { b: blocked, c: blocked / (1 - (load / SERVERS) * (1 - blocked)) };
}

const load = 9;
const { c } = erlang(load);
const decayPerS = (SERVERS - load) / SERVICE_S;
const waitQuantile = (p) => (1000 * Math.log(c / (1 - p))) / decayPerS;

const worlds = [
  {
    name: "M/M/10, ρ = .9",
    yaml: queue(load / SERVICE_S, 8, ""),
    rows: [
      { metric: "startLatencyMsP99", truth: waitQuantile(0.99), bias: { 20: 0.03 }, least: { 5: 0.9, 20: 0.93 } },
      { metric: "startLatencyMsP95", truth: waitQuantile(0.95), bias: { 20: 0.03 }, least: { 5: 0.9, 20: 0.93 } },
      { metric: "startLatencyMsMean", truth: (1000 * c) / decayPerS, bias: { 20: 0.03 }, least: { 5: 0.9, 20: 0.93 } },
      { metric: "waitProbability", truth: c, bias: { 20: 0.03 }, least: { 5: 0.9, 20: 0.93 } },
    ],
  },
  ...[5, 8, 12].map((offered) => ({
    name: `M/M/10/10, ${offered} erlang`,
    // A loss system forgets within a minute: two hours are many.
    yaml: queue(offered / SERVICE_S, 2, "gateway: {waitingRoom: 0}"),
    seedsFactor: LOSS_SEEDS,
    rows: [
      {
        metric: "rejectedRatio",
        truth: erlang(offered).b,
        bias: { 20: 0.03 },
        least: { 5: 0.93, 20: 0.93 },
        most: { 5: 0.97, 20: 0.97 },
      },
    ],
  })),
];

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "300" },
    only: { type: "string", default: "" },
    json: { type: "boolean" },
  },
});
const seedCount = Number(values.seeds);
if (!Number.isSafeInteger(seedCount) || seedCount < 1) {
  process.stderr.write(`--seeds: got ${values.seeds}; expected a whole number of at least 1\n`);
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), "headrace-coverage-"));
const table = [];
try {
  for (const world of worlds.filter(({ name }) => name.includes(values.only))) {
    const file = join(folder, "world.yaml");
    writeFileSync(file, world.yaml);
    for (const replications of [5, 20]) {
      const rows = await cover(world, file, replications);
      table.push(...rows);
      if (!values.json) print(rows);
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}
if (values.json) process.stdout.write(`${JSON.stringify(table, null, 2)}\n`);
if (table.some((row) => !row.holds)) process.exitCode = 1;

async function cover(world, file, replications) {
  const seeds = seedCount * (world.seedsFactor ?? 1);
  const found = world.rows.map(() => ({ held: 0, sum: 0, widths: [] }));
  for (let seed = 1; seed <= seeds; seed++) {
    // Seeds of the two sizes differ, so that the rows are independent.
    const scenario = await readScenario(file, { seed: seed + 100_000 * replications, replications });
    const runs = [];
    for (let r = 0; r < replications; r++) runs.push(simulate(scenario, scenario.policies[0], r, noUserModules));
    const { metrics } = summarise(scenario, "coverage", [runs]).policies[0];
    world.rows.forEach(({ metric, truth }, i) => {
      const { mean, halfWidth } = metrics[metric];
      if (Math.abs(mean - truth) <= halfWidth) found[i].held++;
      found[i].sum += mean / truth;
      found[i].widths.push(halfWidth / truth);
    });
    if (seed % 20 === 0) process.stderr.write(`${world.name}, ${replications} replications: ${seed} of ${seeds}\n`);
  }
  return world.rows.map(({ metric, truth, bias, least, most }, i) => {
    const { held, sum, widths } = found[i];
    const [coverage, off] = [held / seeds, sum / seeds - 1];
    widths.sort((a, b) => a - b);
    const isUnbiased = Math.abs(off) <= (bias[replications] ?? Number.POSITIVE_INFINITY);
    const holds = isUnbiased && coverage >= least[replications] && coverage <= (most?.[replications] ?? 1);
    const width = widths[Math.floor(seeds / 2)];
    return { world: world.name, metric, replications, seeds, truth, bias: off, coverage, medianWidth: width, holds };
  });
}

function print(rows) {
  for (const row of rows) {
    const cells = [
      row.world.padEnd(20),
      row.metric.padEnd(18),
      `${row.replications} replications`.padEnd(15),
      `truth ${row.truth.toPrecision(5)}`.padEnd(18),
      `bias ${(100 * row.bias).toFixed(1)} %`.padEnd(12),
      `coverage ${row.coverage.toFixed(3)}`,
      `± ${(100 * row.medianWidth).toFixed(0)} %`.padEnd(7),
      row.holds ? "holds" : "MISSED",
    ];
    process.stdout.write(`${cells.join(" ")}\n`);
  }
}
