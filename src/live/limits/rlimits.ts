import { spawnSync } from "node:child_process";
import type { Runtime } from "../machine/launch-command.js";
import { emptyCage } from "./cgroup2.js";
import type { Cage, Enforcement, LimitKind, LimitMethod, Limits } from "./limits.js";

/**
 * Node reserves address space at start and aborts below this. Its memory is then watched, not
 * limited by the kernel.
 */
const NODE_ADDRESS_SPACE_BYTES = 768 * 1024 * 1024;

/**
 * Limits that a process inherits at its start and that need no privilege: memory as address
 * space. The limit on processes counts all of the user's, not only its own.
 */
export class Rlimits implements LimitMethod {
  readonly enforces = new Map<LimitKind, Enforcement>();

  constructor(wanted: ReadonlySet<LimitKind>, runtime: Runtime) {
    const works = spawnSync("prlimit", ["--as=1073741824", "true"]).status === 0;
    if (works && wanted.has("memory") && runtime !== "node") this.enforces.set("memory", "rlimit");
  }

  prefix(limits: Limits, runtime: Runtime): readonly string[] {
    if (!this.enforces.has("memory") || limits.memoryBytes === Number.POSITIVE_INFINITY) return [];
    if (runtime === "node" && limits.memoryBytes < NODE_ADDRESS_SPACE_BYTES) return [];
    return ["prlimit", `--as=${Math.floor(limits.memoryBytes)}`];
  }

  open(): Cage {
    return emptyCage;
  }

  close(): void {}
}
