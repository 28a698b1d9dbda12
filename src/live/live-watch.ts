import type { Telemetry } from "../ports/telemetry.js";
import { TelemetryTee } from "../world/telemetry-tee.js";
import type { LiveMetrics } from "./live-metrics.js";
import type { LiveListener } from "./live-run.js";
import type { StructuredLog } from "./structured-log.js";

/** All that watches a live run: the metrics, the structured log where one was asked for, and the lines for people. */
export class LiveWatch {
  readonly telemetry: Telemetry;
  readonly listener: LiveListener;

  constructor(
    readonly metrics: LiveMetrics,
    private readonly log: StructuredLog | undefined,
    private readonly line: (line: string) => void,
  ) {
    this.telemetry = log === undefined ? metrics : new TelemetryTee(metrics, log);
    this.listener = {
      onReport: (id, report) => {
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

  onRefused(reason: string, status: number): void {
    this.metrics.onRefused(reason);
    this.log?.onRefused(reason, status);
  }

  onManager(event: { readonly reason: string; readonly pid: number }): void {
    this.metrics.onManagerRestart(event.reason);
    this.log?.onManager(event);
  }

  tell(component: "gateway" | "manager", line: string): void {
    this.line(line);
    this.log?.notice(component, line);
  }
}
