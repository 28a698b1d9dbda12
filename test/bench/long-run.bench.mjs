// Does a long run cost more per event than a short one, and does its memory grow? Workload B for 50 days (10⁸ events) against half a
// day (10⁶), each in the same warm process; peak memory is that of the whole process.
import { fileURLToPath } from "node:url";
import { readScenario } from "../../dist/experiment/scenario-file.js";
import { noUserModules } from "../../dist/world/build-control.js";
import { simulate } from "../../dist/world/simulate.js";
import { cpuNsOf, median } from "./measure.mjs";

const SHORT_RUNS = 7;
const MEBIBYTE = 1024 * 1024;

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
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  for (let i = 0; i < SHORT_RUNS; i++) after.push(nsPerEvent(short, i).ns);
  const reference = median([...before, ...after]);
  return [
    {
      key: "longRun.perEventAgainstShort",
      what: "Long run: 10⁸ events against 10⁶, CPU time per event",
      value: whole.ns / reference,
      unit: "×",
      atMost: 1.3,
      detail: `${whole.ns.toFixed(0)} against ${reference.toFixed(0)} ns/event, ${(whole.events / 1e6).toFixed(0)} M events`,
    },
    {
      key: "longRun.peakRssMiB",
      what: "Long run: peak memory of the process",
      value: peakBytes / MEBIBYTE,
      unit: "MiB",
      atMost: 120,
    },
  ];
}
