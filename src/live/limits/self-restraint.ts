import { emptyCage } from "./cgroup2.js";
import type { Cage, Enforcement, LimitKind, LimitMethod } from "./limits.js";

/**
 * Limits that a streamlet applies to itself: it sends through a token bucket of its own, and
 * keeps the client's socket. This costs nothing, but binds only our code: a compromised streamlet
 * could send more. Where that matters the bytes pass through the manager instead (UserSpace).
 */
export class SelfRestraint implements LimitMethod {
  readonly enforces = new Map<LimitKind, Enforcement>();

  constructor(wanted: ReadonlySet<LimitKind>) {
    if (wanted.has("network")) this.enforces.set("network", "streamlet");
  }

  prefix(): readonly string[] {
    return [];
  }

  open(): Cage {
    return emptyCage;
  }

  close(): void {}
}
