import type { Distribution } from "../base/distribution.js";
import type { RandomStream } from "../base/random.js";
import { Phase, type Scheduler } from "../ports/scheduler.js";
import type { Host } from "./hosts.js";

export interface HostFailureSpec {
  /** Mean time between failures of one host, exponential; Infinity = hosts never fail. */
  readonly hostMtbfMs: number;
  readonly hostRepair: Distribution;
}

export interface HostFailureListener {
  /** The host has failed: ends every streamlet on it. */
  readonly onFailed: (host: Host) => void;
  readonly onRepaired: () => void;
}

/** Hosts fail, are repaired, and fail again. */
export class HostFailures {
  constructor(
    private readonly spec: HostFailureSpec,
    private readonly scheduler: Scheduler,
    private readonly random: RandomStream,
    private readonly listener: HostFailureListener,
  ) {}

  /** The host may fail from now on. */
  watch(host: Host): void {
    if (this.spec.hostMtbfMs === Number.POSITIVE_INFINITY) return;
    const lifeMs = this.random.exponential() * this.spec.hostMtbfMs;
    this.scheduler.schedule(lifeMs, Phase.Failure, () => this.fail(host));
  }

  private fail(host: Host): void {
    if (host.removed) return;
    host.up = false;
    this.listener.onFailed(host);
    this.scheduler.schedule(this.spec.hostRepair.sample(this.random), Phase.Ready, () => {
      if (host.removed) return;
      host.up = true;
      this.watch(host);
      this.listener.onRepaired();
    });
  }
}
