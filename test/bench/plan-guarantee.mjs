// Does the promise of `headrace plan` hold? 100 plans of three worlds, each with its own seed,
// and each then run on 400 fresh days. Beside it the usual rule: the cheapest setting whose means
// over 30 replications meet the SLO. `node test/bench/plan-guarantee.mjs [PLANS] [DAYS]
// [WORLDS]`, WORLDS such as 0,2; about 15 minutes of CPU.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { shareLowerBound } from "../../dist/base/binomial.js";
import { planScenario } from "../../dist/experiment/plan/plan.js";
import { readQuestion } from "../../dist/experiment/plan/question.js";
import { readScenario } from "../../dist/experiment/scenario-file.js";
import { simulate } from "../../dist/world/simulate.js";
import { noUserModules } from "../../dist/world/user-modules.js";

const PLANS = Number(process.argv[2] ?? 100);
const DAYS = Number(process.argv[3] ?? 400);
const WORLDS = process.argv[4]?.split(",").map(Number);
const MEAN_REPLICATIONS = 30;
/** No plan uses replications from here on. */
const FRESH = 100_000;
/** Of the fresh days of one plan, by setting: the plan and the rule often agree. */
const shares = new Map();

const worlds = [
  {
    name: "loss system, static",
    path: "policies.static.count",
    values: Array.from({ length: 16 }, (_, i) => 8 + i),
    lines: [
      "duration: 3h",
      "warmup: 20min",
      "traffic: {source: poisson, rate: 10/min}",
      "streams: {holding: {kind: lognormal, mean: 1min, cv: 2}}",
      "fleet: {streamlet: {slots: 1, spawn: 0s}, max: 100}",
      "gateway: {waitingRoom: 0}",
      "policies: [{kind: static, count: 8}]",
      "slo: {rejectedRatio: 0.01}",
      "cost: {streamletHour: 1}",
    ],
  },
  {
    name: "peak with spawns of 45 s, square-root",
    path: "policies.square-root.beta",
    values: [0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 10],
    lines: [
      "duration: 80min",
      "warmup: 20min",
      "traffic: {source: sinusoid, rate: 10/min, amplitude: 0.8, period: 80min}",
      "streams: {holding: {kind: exponential, mean: 2min}, patience: 20s}",
      "fleet: {streamlet: {slots: 2, spawn: 45s}, max: 200}",
      "policies: [{kind: square-root, min: 1}]",
      "slo: {startLatencyP95: 500ms, violatingMinutes: 4min}",
      "cost: {streamletHour: 1}",
    ],
  },
  {
    name: "crashes of hosts, hosts chosen",
    path: "fleet.regions.eu.hosts",
    values: Array.from({ length: 12 }, (_, i) => 3 + i),
    lines: [
      "duration: 3h",
      "warmup: 20min",
      "traffic: {source: poisson, rate: 15/min}",
      "streams: {holding: {kind: exponential, mean: 1min}, patience: 5s}",
      "reconnect: {backoff: 1s}",
      "fleet: {regions: [{name: eu, hosts: 5, cpu: 2}], streamlet: {slots: 2, cpu: 1, spawn: 5s}, max: 60}",
      "faults: {hostMtbf: 6h, hostRepair: 10min}",
      "policies: [{kind: square-root, beta: 3, min: 2}]",
      "slo: {startLatencyP95: 1s, violatingMinutes: 5min}",
      "cost: {hostHour: 1, streamletHour: 0.01}",
    ],
  },
];

const folder = mkdtempSync(join(tmpdir(), "headrace-guarantee-"));
const rows = [];
try {
  for (const [w, world] of worlds.entries()) {
    if (WORLDS !== undefined && !WORLDS.includes(w)) continue;
    const plans = Math.round((PLANS * (w + 1)) / worlds.length) - Math.round((PLANS * w) / worlds.length);
    const row = {
      name: world.name,
      plans,
      answered: 0,
      held: 0,
      worst: 1,
      runs: 0,
      ruleAnswered: 0,
      ruleHeld: 0,
      ruleWorst: 1,
    };
    rows.push(row);
    for (let p = 0; p < plans; p++) {
      await onePlan(world, 1000 * (w + 1) + p, row);
      process.stderr.write(`${JSON.stringify({ done: p + 1, ...row })}\n`);
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}
print(rows);

async function onePlan(world, seed, row) {
  const file = join(folder, `${seed}.yaml`);
  const values = world.values.join(", ");
  writeFileSync(
    file,
    ["name: guarantee", `seed: ${seed}`, ...world.lines, `plan: {variables: {${world.path}: [${values}]}}`, ""].join(
      "\n",
    ),
  );
  const plan = await planScenario(await readQuestion(file));
  row.runs += plan.runs;
  if (plan.feasible) {
    row.answered++;
    const share = await shareMet(file, world.path, plan.values[world.path]);
    row.worst = Math.min(row.worst, share);
    if (share >= 0.95) row.held++;
  }
  const rule = await meanRule(file, world);
  if (rule === undefined) return;
  row.ruleAnswered++;
  const share = await shareMet(file, world.path, rule);
  row.ruleWorst = Math.min(row.ruleWorst, share);
  if (share >= 0.95) row.ruleHeld++;
}

async function variant(file, path, value) {
  return readScenario(file, { values: [{ path, value }] });
}

async function shareMet(file, path, value) {
  const key = `${file} ${value}`;
  if (!shares.has(key)) shares.set(key, await measuredShare(file, path, value));
  return shares.get(key);
}

async function measuredShare(file, path, value) {
  const scenario = await variant(file, path, value);
  let met = 0;
  for (let i = 0; i < DAYS; i++) if (simulate(scenario, scenario.policies[0], FRESH + i, noUserModules).slo.met) met++;
  return met / DAYS;
}

/**
 * The cheapest setting whose violating minutes, rejections and late starts are within their
 * bounds on average.
 */
async function meanRule(file, { path, values }) {
  for (const value of values) {
    const scenario = await variant(file, path, value);
    const { slo } = scenario;
    const runs = Array.from({ length: MEAN_REPLICATIONS }, (_, r) =>
      simulate(scenario, scenario.policies[0], r, noUserModules),
    );
    const mean = (of) => runs.reduce((sum, run) => sum + (of(run) ?? 0), 0) / runs.length;
    const minutes = slo.violatingMinutes?.minutes ?? Infinity;
    const late = slo.startLatency === undefined ? 0 : mean((run) => run.metrics.startLatencyMsP95);
    const holds =
      mean((run) => run.metrics.rejectedRatio) <= (slo.rejectedRatio ?? 1) &&
      mean((run) => run.metrics.sloViolationMinutes) <= minutes &&
      late <= (slo.startLatency?.boundMs ?? Infinity);
    if (holds) return value;
  }
  return undefined;
}

function print(all) {
  const total = all.reduce(
    (sum, row) => ({
      answered: sum.answered + row.answered,
      held: sum.held + row.held,
      ruleAnswered: sum.ruleAnswered + row.ruleAnswered,
      ruleHeld: sum.ruleHeld + row.ruleHeld,
    }),
    { answered: 0, held: 0, ruleAnswered: 0, ruleHeld: 0 },
  );
  process.stdout.write(
    `| world | plans | hold on ≥ 95 % of ${DAYS} fresh days | worst | days ` +
      "simulated per plan | mean rule holds | worst |\n|---|---|---|---|---|---|---|\n",
  );
  for (const row of all)
    process.stdout.write(
      `| ${row.name} | ${row.answered} of ${row.plans} | ${row.held} | ` +
        `${(100 * row.worst).toFixed(1)} % | ${Math.round(row.runs / row.plans)} | ` +
        `${row.ruleHeld} of ${row.ruleAnswered} | ${(100 * row.ruleWorst).toFixed(1)} % |\n`,
    );
  const low = shareLowerBound(total.held, total.answered, 0.975);
  process.stdout.write(
    `| all | ${total.answered} | ${total.held} (at least ${(100 * low).toFixed(1)} ` +
      `%, 97.5 % confidence) | | | ${total.ruleHeld} of ${total.ruleAnswered} | |\n`,
  );
}
