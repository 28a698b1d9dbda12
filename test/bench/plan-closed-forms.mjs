// Plans of queues with closed forms, compared with these: the table in docs/planning.md. `node
// test/bench/plan-closed-forms.mjs`
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { erlangBServers, erlangCServersWithin } from "../../dist/base/queueing.js";
import { planScenario } from "../../dist/experiment/plan/plan.js";
import { readQuestion } from "../../dist/experiment/plan/question.js";

const MINUTE_MS = 60_000;
/**
 * Load in erlangs, hours of a day, and the bound of the wait in seconds; no bound = a loss
 * system.
 */
const systems = [
  [5, 30],
  [50, 20],
  [500, 25],
  [5, 40, 10],
  [50, 25, 10],
  [500, 20, 5],
];

const folder = mkdtempSync(join(tmpdir(), "headrace-closed-"));
try {
  process.stdout.write("| system | load | closed form | plan | days simulated |\n|---|---|---|---|---|\n");
  for (const [load, hours, waitS] of systems) {
    const isLoss = waitS === undefined;
    const exact = isLoss ? erlangBServers(load, 0.02) : erlangCServersWithin(load, MINUTE_MS, 1000 * waitS, 0.05);
    const file = join(folder, `${load}-${waitS}.yaml`);
    writeFileSync(file, text(load, hours, waitS, exact));
    const plan = await planScenario(await readQuestion(file));
    const name = isLoss ? "Erlang B, 2 %" : `M/M/k, P(wait > ${waitS} s) ≤ 5 %`;
    process.stdout.write(
      `| ${name} | ${load} | ${exact} | ${plan.values["policies.static.count"]} | ${plan.runs} of ${hours} h |\n`,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}

function text(load, hours, waitS, exact) {
  const isLoss = waitS === undefined;
  return [
    "name: closed",
    "seed: 3",
    `duration: ${hours}h`,
    "warmup: 10min",
    `traffic: {source: poisson, rate: ${load}/min}`,
    "streams: {holding: {kind: exponential, mean: 1min}}",
    "fleet: {streamlet: {slots: 1, spawn: 0s}, max: 1000}",
    ...(isLoss ? ["gateway: {waitingRoom: 0}"] : []),
    "policies: [{kind: static, count: 1}]",
    isLoss ? "slo: {rejectedRatio: 0.02, days: 50%}" : `slo: {startLatencyP95: ${waitS}s, days: 50%}`,
    "cost: {streamletHour: 1}",
    `plan: {variables: {policies.static.count: {from: 1, to: ${Math.ceil(1.5 * exact)}, step: 1}}}`,
    "",
  ].join("\n");
}
