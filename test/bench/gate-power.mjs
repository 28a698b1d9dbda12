// The power of a gate, by the real check: `node test/bench/gate-power.mjs [seeds] [seeds of the
// power table]` (default 100 and 30), about 100 s of CPU.
// 1. An unchanged tree over all seeds: how often the gate fails.
// 2. A policy that costs a little more: how often that is shown as a regression. The planted change
//    is the margin of square-root staffing, which is continuous; its cost is measured, not assumed.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mean } from "../../dist/base/statistics.js";
import { accept } from "../../dist/experiment/check/accept.js";
import { runCheck } from "../../dist/experiment/check/check.js";
import { readRegression } from "../../dist/experiment/check/regression-file.js";

const SEEDS = Number(process.argv[2] ?? 100);
const POWER_SEEDS = Number(process.argv[3] ?? 30);
/** What is added to the margin beta. */
const PLANTED = [0.01, 0.012, 0.025, 0.05, 0.12, 0.24, 0.36, 0.6];
const BETA = 1;

const scenario = (seed, beta) => `name: power
seed: ${seed}
duration: 40min
warmup: 10min
replications: 10
traffic: {source: sinusoid, rate: 1/s, amplitude: 0.6, period: 40min}
streams: {holding: {kind: exponential, mean: 1min}, patience: {kind: constant, value: 10s}}
fleet: {streamlet: {slots: 2, spawn: {kind: constant, value: 30s}}, max: 400}
policies: [{kind: square-root, beta: ${beta}, min: 2}]
cost: {streamletHour: 0.01}
`;

const folder = mkdtempSync(join(tmpdir(), "headrace-power-"));
const file = (name) => join(folder, name);
// In this thread: to open threads takes longer than these runs.
const options = { threads: 0 };
let alarms = 0;
const found = PLANTED.map((planted) => ({ planted, changes: [], shown: 0 }));
const gate = () => readRegression(file("gate.yaml"));
try {
  const text = "scenarios: [{file: s.yaml}]\nmetrics: {cost: 0}\nbaseline: accepted.json\nmostTimes: 1\n";
  writeFileSync(file("gate.yaml"), text);
  for (let seed = 1; seed <= SEEDS; seed++) {
    rmSync(file("accepted.json"), { force: true });
    writeFileSync(file("s.yaml"), scenario(seed, BETA));
    await accept(await gate(), "power", options);
    const { document } = await runCheck(await gate(), options);
    if (document.verdict !== "identical") alarms++;
    for (const one of seed <= POWER_SEEDS ? found : []) {
      writeFileSync(file("s.yaml"), scenario(seed, BETA + one.planted));
      const [row] = (await runCheck(await gate(), options)).document.rows;
      if (row.verdict === "regressed") one.shown++;
      one.changes.push((100 * row.delta) / row.before);
    }
    process.stderr.write(`\r${seed} of ${SEEDS} seeds`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.stderr.write("\n");
console.log(`Unchanged tree: ${alarms} false alarms in ${SEEDS} seeds.\n`);
console.log("| margin raised by | cost, measured | shown |\n|--:|--:|--:|");
for (const { planted, changes, shown } of found)
  console.log(`| ${planted} | +${mean(changes).toFixed(2)} % | ${shown} of ${POWER_SEEDS} |`);
