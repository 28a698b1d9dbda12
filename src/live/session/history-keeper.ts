import type { ArrivalHistory } from "../../ports/policy.js";
import { HISTORY_BIN_MS } from "../../world/history.js";
import type { LiveRun } from "../run/live-run.js";
import type { LiveWatch } from "../watch/live-watch.js";
import type { LiveHistory } from "./live-history.js";
import type { SessionOptions } from "./session-options.js";

/** The longest time from the end of a bin until it is on disk. */
const LOOK_FOR_BINS_MS = 10_000;

/**
 * Writes each bin soon after it has closed. A bin that cannot be written is tried again, and
 * reported.
 */
export class HistoryKeeper {
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly history: LiveHistory,
    private readonly run: LiveRun,
    private readonly options: Pick<SessionOptions, "writes" | "speed">,
    private readonly watch: LiveWatch,
  ) {
    const everyMs = Math.min(LOOK_FOR_BINS_MS, Math.max(10, HISTORY_BIN_MS / options.speed));
    this.timer = setInterval(() => this.take(), everyMs);
  }

  stop(): void {
    clearInterval(this.timer);
    this.take();
    const missing = this.history.missing(this.view());
    const { folder } = this.history;
    if (missing > 0) this.watch.notice("gateway", `history: ${missing} bins could not be written to ${folder}`);
  }

  private take(): void {
    const { history } = this;
    const { writes } = this.options;
    const fault = history.take(this.view());
    if (fault === undefined) writes.restored("history", history.folder, 0);
    else writes.fault("history", history.folder, fault.reason);
  }

  private view(): ArrivalHistory {
    const { kernel, control } = this.run.world;
    return control.monitor.arrivals.view(kernel.nowMs());
  }
}
