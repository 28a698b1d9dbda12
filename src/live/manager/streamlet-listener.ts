import type { StopReason, StreamletId } from "../../ports/fleet.js";
import type { Beat } from "../wire/messages.js";
import type { StreamReport } from "../wire/stream-report.js";

/** The reports of the host of processes on its streamlets. */
export interface StreamletListener {
  onReady(id: StreamletId): void;
  onEnded(id: StreamletId, report: StreamReport): void;
  /** It listens at the path that `pipe` named. */
  onPipe?(id: StreamletId): void;
  onBeat(id: StreamletId, beat: Beat): void;
  /**
   * Its end, for any reason, after the last of its reports; each stream that it still carried is
   * interrupted.
   */
  onStopped(id: StreamletId, reason: StopReason, detail: string, lost: readonly number[]): void;
  /** A line for people: a zygote went down, or came up again. */
  onNotice?(line: string): void;
}
