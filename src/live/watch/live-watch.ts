import type { Telemetry } from "../../ports/telemetry.js";
import { TelemetryTee } from "../../world/telemetry-tee.js";
import type { WriteFaultListener, Written } from "../log/write-faults.js";
import type { LiveListener } from "../run/live-run.js";
import type { LiveMetrics } from "./live-metrics.js";
import { type Losses, LossLedger } from "./loss-ledger.js";
import type { StructuredLog } from "./structured-log.js";
import { TroubleLines } from "./trouble-lines.js";
import type { WatchFeed } from "./watch-feed.js";

/**
 * All observers of a live run: metrics, the structured log if requested, counts of faults, lines
 * for people.
 */
export class LiveWatch implements WriteFaultListener {
  readonly telemetry: Telemetry;
  readonly listener: LiveListener;
  private readonly ledger = new LossLedger();
  private readonly trouble: TroubleLines;

  constructor(
    readonly metrics: LiveMetrics,
    private readonly log: StructuredLog | undefined,
    private readonly line: (line: string) => void,
    readonly feed: WatchFeed,
  ) {
    // The structured log has each of them as an event of its own.
    this.trouble = new TroubleLines(this.ledger, line);
    const counted = new TelemetryTee(new TelemetryTee(metrics, this.ledger), feed.telemetry);
    this.telemetry = log === undefined ? counted : new TelemetryTee(counted, log);
    this.listener = {
      onReport: (id, report) => {
        this.ledger.onReport(report);
        metrics.onReport(id, report);
        log?.onReport(id, report);
      },
      onBeat: (id, beat) => metrics.onBeat(id, beat),
      onStopped: (id, reason, detail, lost) => {
        metrics.onStopped(id);
        log?.onStopped(id, reason, detail, lost);
      },
    };
  }

  /** Counts of faults so far. */
  get losses(): Losses {
    return this.ledger;
  }

  onRefused(reason: string, status: number): void {
    this.metrics.onRefused(reason);
    this.log?.onRefused(reason, status);
  }

  onManager(event: { readonly reason: string; readonly pid: number }): void {
    this.metrics.onManagerRestart(event.reason);
    this.log?.onManager(event);
  }

  onWriteFault(what: Written, line: string): void {
    this.metrics.onWriteFault(what, true);
    this.line(line);
    this.log?.notice("gateway", line, "error");
  }

  onWriteRestored(what: Written, line: string): void {
    this.metrics.onWriteFault(what, false);
    this.line(line);
    this.log?.notice("gateway", line, "warn");
  }

  notice(component: "gateway" | "manager", line: string): void {
    this.line(line);
    this.log?.notice(component, line);
  }

  /** Writes the counts that are still to be written. */
  close(): void {
    this.trouble.close();
  }
}
