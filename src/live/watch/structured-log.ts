import { isFailure, type StopReason, type StreamletId, type StreamRequest, waitMsOf } from "../../ports/fleet.js";
import type { DecisionRecord, RejectReason, StreamletChange, Telemetry } from "../../ports/telemetry.js";
import type { TrainerEvent } from "../../ports/training.js";
import type { LineSink } from "../log/run-log.js";
import type { LiveListener } from "../run/live-run.js";
import type { StreamReport } from "../wire/stream-report.js";

const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * Events for log search: one JSON object per line with `time` (ISO 8601, UTC), `level`,
 * `component`, `event`, and the event's own fields. Ids are those of the run log. No text of a
 * client is repeated (no header, no token, no stream's name), so the log contains no secret.
 */
export class StructuredLog implements Telemetry, LiveListener {
  private readonly least: number;

  constructor(
    level: LogLevel,
    private readonly sink: LineSink,
    private readonly poolNames: readonly string[],
  ) {
    this.least = LOG_LEVELS.indexOf(level);
  }

  /** Words for people, as an event. */
  notice(component: "gateway" | "manager", message: string, level: LogLevel = "info"): void {
    this.write(level, component, "notice", { message });
  }

  /** Refused before it reached the control plane. */
  onRefused(reason: string, status: number): void {
    this.write("warn", "gateway", "request-refused", { reason, status });
  }

  onManager(event: { readonly reason: string; readonly pid: number }): void {
    this.write(event.reason === "asked" ? "info" : "error", "manager", "manager-restarted", event);
  }

  onArrival({ id, series, attempt }: StreamRequest): void {
    this.write("debug", "gateway", "request-arrived", { request: id, series, attempt });
  }

  onRejected({ id }: StreamRequest, reason: RejectReason): void {
    this.write("warn", "gateway", "request-rejected", { request: id, reason });
  }

  onAbandoned({ id }: StreamRequest): void {
    this.write("warn", "gateway", "request-abandoned", { request: id });
  }

  onWaiting({ id }: StreamRequest): void {
    this.write("debug", "gateway", "request-waiting", { request: id });
  }

  onAssigned(request: StreamRequest, streamlet: StreamletId): void {
    const waitMs = waitMsOf(request);
    this.write("debug", "gateway", "request-assigned", { request: request.id, streamlet, waitMs });
  }

  onStreamEnded(): void {}

  onStreamletState({ id, pool, from, to, reason }: StreamletChange): void {
    const level = reason !== "" && isFailure(reason) ? "warn" : "info";
    this.write(level, "gateway", `streamlet-${to}`, { streamlet: id, pool: this.poolNames[pool], from, reason });
  }

  onDecision({ pool, wanted, desired, reason, refusal }: DecisionRecord): void {
    this.write("debug", "gateway", "decided", { pool: this.poolNames[pool], wanted, desired, reason, refusal });
  }

  onReport(streamlet: StreamletId, { stream, ...report }: StreamReport): void {
    this.write("info", "gateway", "stream-ended", { request: stream, streamlet, ...report });
  }

  onTrainer({ series, kind, champion, reason }: TrainerEvent): void {
    const level = kind === "training-failed" || kind === "outage" ? "warn" : "info";
    this.write(level, "gateway", `trainer-${kind}`, { series, champion, reason });
  }

  onBeat(): void {}

  onStopped(streamlet: StreamletId, reason: StopReason, detail: string, lost: readonly number[]): void {
    const level = isFailure(reason) ? "warn" : "info";
    this.write(level, "manager", "process-ended", { streamlet, reason, detail, lostStreams: lost.length });
  }

  private write(level: LogLevel, component: "gateway" | "manager", event: string, fields: object): void {
    if (LOG_LEVELS.indexOf(level) < this.least) return;
    this.sink(JSON.stringify({ time: new Date().toISOString(), level, component, event, ...fields }));
  }
}
