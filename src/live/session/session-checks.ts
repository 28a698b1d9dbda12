// The requirements of a live run on its scenario and on this machine. Each refusal names the
// place, what was found, and what is expected.
import { spawnSync } from "node:child_process";
import { InputError } from "../../base/errors.js";
import { poolsOf } from "../../world/pools.js";
import type { Scenario } from "../../world/scenario/scenario.js";
import { knownFormats } from "../formats/format.js";
import { noLimits } from "../limits/limits.js";
import { checkSandbox } from "../machine/bubblewrap.js";
import type { IsolationOrder } from "../machine/isolation.js";
import type { Runtime } from "../machine/launch-command.js";
import type { ProcessClass } from "../wire/process-class.js";
import type { SessionOptions } from "./session-options.js";

/** Threads of a Node process: its own, V8's workers, libuv's pool, and a reserve. */
const NODE_THREADS = 24;
/**
 * Descriptors of the gateway or a manager besides streams: Node's own, logs, listeners, channels
 * (Node 22: 28 before the first streamlet).
 */
const LEAST_DESCRIPTORS = 256;

/**
 * The streamlet classes of the pools. Throws an InputError if a format or a limit cannot be
 * served live.
 */
export function classesOf(scenario: Scenario, runtime: Runtime, isolation: IsolationOrder): ProcessClass[] {
  const known = knownFormats();
  const strange = scenario.traffic.formats.find((format) => !known.includes(format));
  if (strange !== undefined) {
    throw new InputError({
      code: "HR1503",
      where: `scenario ${scenario.name}`,
      got: `the format "${strange}"`,
      expected: `formats that live streamlets decode: ${known.join(", ")}`,
      remedy: "Name the formats of the traffic in its mix",
    });
  }
  const { classes } = scenario.fleet;
  return poolsOf(scenario).map((pool) => {
    const { cpu, memoryBytes, bitsPerSecond, pids = noLimits.pids } = classes[pool.index % classes.length];
    const limits = { cpu, memoryBytes, bitsPerSecond, pids: checkPids(runtime, pids) };
    const formats = pool.formats.map((format) => scenario.traffic.formats[format]);
    return { name: pool.name, runtime, formats, limits, isolation };
  });
}

/** How the streamlets of a run are confined. Throws an InputError if no sandbox works here. */
export function isolationOf({ upstreams, user, sandbox, runtime }: SessionOptions): IsolationOrder {
  if (sandbox !== undefined) checkSandbox(runtime);
  return {
    connects: upstreams.length > 0,
    ...(user === undefined ? {} : { user }),
    ...(sandbox === undefined ? {} : { sandbox }),
  };
}

/** A streamlet without a memory limit would take the machine's memory. */
export function refuseUncappedHogs({ faults }: Scenario, enforced: string | undefined): void {
  const never = faults.memoryHogMtbfMs === Number.POSITIVE_INFINITY;
  if (never || (enforced !== undefined && enforced !== "none")) return;
  throw new InputError({
    code: "HR1501",
    where: "faults.memoryHogMtbf",
    got: "streamlets that take all memory, on a machine that enforces no memory limit",
    expected: "cgroups, or a /proc with the CPU time and memory of processes",
    remedy: "Leave memoryHogMtbf out here",
  });
}

function checkPids(runtime: Runtime, pids: number): number {
  if (runtime !== "node" || pids >= NODE_THREADS) return pids;
  throw new InputError({
    code: "HR1511",
    where: "fleet.streamlet.pids",
    got: String(pids),
    expected:
      `at least ${NODE_THREADS}: processes and threads are counted ` +
      "together, and a Node streamlet has that many threads",
    remedy: "Raise it, or take --runtime native, which needs 1",
  });
}

/**
 * Checked first, since with too few descriptors a process fails within a library, without the
 * cause.
 */
export function checkDescriptors(limit: number): void {
  if (limit >= LEAST_DESCRIPTORS) return;
  throw new InputError({
    code: "HR1504",
    where: "ulimit -n",
    got: `${limit} open files at most`,
    expected: `at least ${LEAST_DESCRIPTORS}; each stream that waits takes one, each streamlet two`,
    remedy: `Raise it: ulimit -n 4096 (systemd: LimitNOFILE=, containers: --ulimit nofile=)`,
  });
}

/** The most files that this process may open; Infinity if the system does not report it. */
export function descriptorLimit(): number {
  const { stdout } = spawnSync("sh", ["-c", "ulimit -n"], { encoding: "utf8" });
  const limit = Number.parseInt(stdout ?? "", 10);
  return Number.isNaN(limit) ? Number.POSITIVE_INFINITY : limit;
}
