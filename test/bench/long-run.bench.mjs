// Does a long run cost more per event than a short one, and does its memory grow? Workload B for
// 50 days (10⁸ events) against half a day (10⁶), each in the same warm process. Peak memory is
// that of the command `headrace simulate --json` for the 50 days; a report would add its own.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readScenario } from "../../dist/experiment/scenario-file.js";
import { simulate } from "../../dist/world/simulate.js";
import { noUserModules } from "../../dist/world/user-modules.js";
import { cpuNsOf, median } from "./measure.mjs";

const SHORT_RUNS = 7;
const MEGABYTE = 1e6;
const KILOBYTE = 1024;
const command = fileURLToPath(new URL("../../bin/headrace.js", import.meta.url));
const file = fileURLToPath(new URL("./workload-b.yaml", import.meta.url));

/** Peak memory and events of the command, as the kernel and `--stats` report them. */
function commandPeak(duration) {
  const folder = mkdtempSync(join(tmpdir(), "headrace-bench-"));
  const [memory, stats] = [join(folder, "memory"), join(folder, "stats.json")];
  try {
    const args = ["simulate", file, "--duration", duration, "--json", "--quiet", "--stats", stats];
    const timed = ["-o", memory, "-f", "%M", process.execPath, command, ...args];
    const { status } = spawnSync("/usr/bin/time", timed, { stdio: "ignore" });
    if (status !== 0) throw new Error(`headrace ${args.join(" ")} ended with ${status}`);
    return {
      bytes: Number(readFileSync(memory, "utf8")) * KILOBYTE,
      events: JSON.parse(readFileSync(stats, "utf8")).events,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function run() {
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
  const peak = commandPeak("1200h");
  return [
    {
      key: "longRun.perEventAgainstShort",
      what: "Long run: 10⁸ events against 10⁶, CPU time per event",
      value: whole.ns / reference,
      unit: "×",
      atMost: 1.1,
      detail:
        `${whole.ns.toFixed(0)} against ${reference.toFixed(0)} ` +
        `ns/event, ${(whole.events / 1e6).toFixed(0)} M events`,
    },
    {
      key: "longRun.peakRssMegabytes",
      what: "Long run: peak memory of the command",
      value: peak.bytes / MEGABYTE,
      unit: "MB",
      atMost: 100,
      detail: `simulate --json, ${(peak.events / 1e6).toFixed(0)} M events`,
    },
  ];
}
