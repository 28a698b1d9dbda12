import type { StreamEnd } from "../../ports/fleet.js";

/** Why a stream ended, in more detail than completed or interrupted. */
export type EndDetail =
  | "client-done"
  /**
   * It ended regularly, but nothing in it was of the format: most likely it has another format.
   */
  | "unrecognised"
  | "client-gone"
  | "idle"
  | "too-large"
  | "malformed"
  | "upstream-done"
  | "upstream-failed"
  | "closed"
  | "refused"
  | "streamlet-gone";

/**
 * The quality of a stream, reported once at its end. `errors` by kind as the format names them.
 */
export interface StreamReport {
  readonly stream: number;
  readonly end: StreamEnd;
  readonly detail: EndDetail;
  readonly units: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly errorCount: number;
  readonly errors: Readonly<Record<string, number>>;
  readonly jitterMs: number;
  /**
   * From its assignment until a streamlet had the order and the socket; null if none served it.
   */
  readonly handOverMs: number | null;
}

/** Of a stream that was not served: its socket or its streamlet was gone, or it was refused. */
export function unopened(stream: number, detail: "client-gone" | "refused" | "streamlet-gone"): StreamReport {
  const end = detail === "client-gone" ? "completed" : "interrupted";
  return {
    stream,
    end,
    detail,
    units: 0,
    bytesIn: 0,
    bytesOut: 0,
    errorCount: 0,
    errors: {},
    jitterMs: 0,
    handOverMs: null,
  };
}
