import { emptyCage } from "./cgroup2.js";
import type { Cage, Enforcement, LimitKind, LimitMethod } from "./limits.js";

/**
 * What a streamlet holds itself to: each sends through a token bucket of its own, and so keeps the
 * client's socket. It costs nothing, and binds only our code: one that was taken over could send
 * more. Where that matters the bytes pass through the manager instead (UserSpace).
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
