// Does a long run cost more per event than a short one, and does its memory grow? Workload B for
// 50 days (10⁸ events) against half a day (10⁶), each in the same warm process. Peak memory is
// that of a separate process that runs the 50 days as the command does, in a worker thread.
import { fileURLToPath } from "node:url";
import { readScenario } from "../../dist/experiment/scenario-file.js";
import { simulate } from "../../dist/world/simulate.js";
import { noUserModules } from "../../dist/world/user-modules.js";
import { cpuNsOf, jsonOf, median } from "./measure.mjs";

const SHORT_RUNS = 7;
const MEGABYTE = 1e6;
const child = fileURLToPath(new URL("./long-run-memory.mjs", import.meta.url));

export async function run() {
  const file = fileURLToPath(new URL("./workload-b.yaml", import.meta.url));
  const short = await readScenario(file, { duration: "12h" });
  const long = await readScenario(file, { duration: "1200h" });
  const nsPerEvent = (scenario, replication) => {
    const { result, cpuNs } = cpuNsOf(() => simulate(scenario, scenario.policies[0], replication, noUserModules));
    return { ns: cpuNs / result.events, events: result.events };
  };
  for (let i = 0; i < 3; i++) nsPerEvent(short, i);
  const before = [];
  const after = [];
  for (let i = 0; i < SHORT_RUNS; i++) before.push(nsPerEvent(short, i).ns);
  const whole = nsPerEvent(long, 0);
  for (let i = 0; i < SHORT_RUNS; i++) after.push(nsPerEvent(short, i).ns);
  const reference = median([...before, ...after]);
  const peak = jsonOf(process.execPath, [child]);
  return [
    {
      key: "longRun.perEventAgainstShort",
      what: "Long run: 10⁸ events against 10⁶, CPU time per event",
      value: whole.ns / reference,
      unit: "×",
      atMost: 1.1,
      detail: `${whole.ns.toFixed(0)} against ${reference.toFixed(0)} ns/event, ${(whole.events / 1e6).toFixed(0)} M events`,
    },
    {
      key: "longRun.peakRssMegabytes",
      what: "Long run: peak memory of the process",
      value: peak.peakBytes / MEGABYTE,
      unit: "MB",
      atMost: 100,
      detail: `the whole process, ${(peak.events / 1e6).toFixed(0)} M events in a worker thread`,
    },
  ];
}
