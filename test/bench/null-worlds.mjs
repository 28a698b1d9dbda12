// How often is a verdict false? Two equal policies on other random paths, so that every "better"
// or "worse" is false; and identical twins, which may get no verdict at all. `node
// test/bench/null-worlds.mjs [--seeds 1000] [--from 1] [--world queue]` prints a Markdown table;
// exit code 1 if a share exceeds 6 % by more than two standard errors (docs/validation.md).
import { parseArgs } from "node:util";
import { compareAll } from "../../dist/experiment/comparison.js";
import { parseScenario } from "../../dist/experiment/scenario-file.js";
import { simulate } from "../../dist/world/simulate.js";
import { noUserModules } from "../../dist/world/user-modules.js";

const SIZES = [2, 3, 5, 10];
const MOST = 10;
const ALLOWED = 0.06;

/**
 * An autoscaled fleet that is short at times, with crashes, failed spawns, reconnections and a
 * small waiting room; and a busy queue without any of these.
 */
const WORLDS = {
  autoscaled: `
name: autoscaled
duration: 70min
warmup: 10min
traffic: {source: sinusoid, rate: 0.6/s, amplitude: 0.6, period: 30min}
streams: {holding: {kind: exponential, mean: 1min}, patience: {kind: constant, value: 10s}}
reconnect: {backoff: 1s, attempts: 2}
fleet: {streamlet: {slots: 4, spawn: {kind: lognormal, median: 15s, p99: 40s}}, max: 40}
faults: {streamletMtbf: 20min, spawnFailure: 0.02}
gateway: {waitingRoom: 5}
policies: [{kind: hpa, targetUtilisation: 0.8, min: 3}]
slo: {startLatencyP99: 200ms, rejectedRatio: 0.01, abandonedRatio: 0.01}
cost: {streamletHour: 1}
`,
  queue: `
name: queue
duration: 70min
warmup: 10min
traffic: {source: poisson, rate: 0.25/s}
streams: {holding: {kind: exponential, mean: 30s}}
fleet: {streamlet: {slots: 1, spawn: {kind: constant, value: 0s}}, max: 10}
policies: [{kind: static, count: 10}]
slo: {startLatencyP99: 10s}
cost: {streamletHour: 1}
`,
};

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "1000" },
    from: { type: "string", default: "1" },
    world: { type: "string" },
  },
});
const seeds = wholeNumber("seeds");
const from = wholeNumber("from");
const worlds = Object.entries(WORLDS).filter(([world]) => values.world === undefined || world === values.world);
if (worlds.length === 0) refuse(`--world: got ${values.world}, expected one of ${Object.keys(WORLDS).join(", ")}`);

let isFalse = false;
for (const [world, text] of worlds) {
  const counts = await nullTables(text);
  process.stdout.write(`\n${table(world, counts)}\n`);
}
process.exitCode = isFalse ? 1 : 0;

function wholeNumber(option) {
  const value = Number(values[option]);
  if (!Number.isSafeInteger(value) || value < 1)
    refuse(`--${option}: got ${values[option]}, expected a whole number of at least 1`);
  return value;
}

function refuse(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

/**
 * For each size: tables, tables with a verdict that survives over the whole, and false verdicts
 * by metric.
 */
async function nullTables(text) {
  const counts = new Map(SIZES.map((n) => [n, { tables: 0, familywise: 0, twins: 0, words: new Map() }]));
  const scenario = await parseScenario("null.yaml", text);
  for (let seed = from; seed < from + seeds; seed++) {
    const [a, b] = [2 * seed - 1, 2 * seed].map((other) => runsOf({ ...scenario, seed: other }));
    for (const n of SIZES) {
      for (let first = 0; first + n <= MOST; first += n) {
        const [base, candidate] = [a, b].map((runs, i) => ({ name: "ab"[i], runs: runs.slice(first, first + n) }));
        count(counts.get(n), compareAll(base, [candidate]), compareAll(base, [{ ...base, name: "twin" }]));
      }
    }
  }
  return counts;
}

function runsOf(scenario) {
  return Array.from({ length: MOST }, (_, replication) =>
    simulate(scenario, scenario.policies[0], replication, noUserModules),
  );
}

function count(of, comparisons, twins) {
  of.tables++;
  if (comparisons.some((one) => one.familywise === true)) of.familywise++;
  if (twins.some((one) => one.verdict !== undefined && one.verdict !== "same")) of.twins++;
  for (const { metric, verdict, better } of comparisons) {
    if (verdict === undefined) continue;
    of.words.set(metric, (of.words.get(metric) ?? 0) + (better === null ? 0 : 1));
  }
}

function table(world, counts) {
  const metrics = [...new Set([...counts.values()].flatMap((of) => [...of.words.keys()]))];
  const share = (n, number) => {
    const found = number / counts.get(n).tables;
    // Two standard errors of what chance does to this count itself.
    if (found > ALLOWED + 2 * Math.sqrt((ALLOWED * (1 - ALLOWED)) / counts.get(n).tables)) isFalse = true;
    return `${(100 * found).toFixed(1)} %`;
  };
  const row = (name, of) => `| ${name} | ${SIZES.map(of).join(" | ")} |`;
  if (SIZES.some((n) => counts.get(n).twins > 0)) isFalse = true;
  return [
    `| ${world}: false words | ${SIZES.map((n) => `${n} replications`).join(" | ")} |`,
    `| --- |${SIZES.map(() => " ---: |").join("")}`,
    ...metrics.map((metric) => row(metric, (n) => share(n, counts.get(n).words.get(metric) ?? 0))),
    row("any word that survives over the table", (n) => share(n, counts.get(n).familywise)),
    row("identical twins: tables with a word other than same", (n) => String(counts.get(n).twins)),
    row("tables", (n) => String(counts.get(n).tables)),
  ].join("\n");
}
