// Every record that crosses a process border in live mode. The data plane, from left to right:
//
//   client ── gateway ────────── manager ─────────── streamlet
//             control plane,     spawns, limits,     decodes, forwards
//             paced kernel,      supervises
//             run log
//                └─ direct pipe: orders with their sockets ─┘
//                   once the streamlet listens
//
// Gateway → manager → streamlet: each hop is Node's IPC channel, one JSON record per line; a socket
// may come with it (SCM_RIGHTS). The direct pipe takes only `open`, one record per line, with its
// socket. The C streamlet uses the same records. No record here is a decision: only the control
// plane decides, and its decisions are in the run log.
import type { StopReason, StreamEnd, StreamletId } from "../../ports/fleet.js";
import type { Method } from "../limits/limits.js";
import type { HostTimes, ProcessClass } from "./process-class.js";

/**
 * The transport of a client's bytes: raw, an HTTP/1.1 body (chunked, or of known length:
 * `bodyBytes`), WebSocket messages, or none (a download: the client only receives).
 */
type Transport = "raw" | "chunked" | "length" | "websocket" | "download";

/**
 * Where decoded bytes go: back to the client, on to another address, or nowhere; for a download,
 * from an address to the client.
 */
export type Forward =
  | { readonly to: "client" }
  | { readonly to: "nowhere" }
  | { readonly to: "upstream"; readonly host: string; readonly port: number }
  | { readonly to: "client-from"; readonly host: string; readonly port: number };

/** The order to carry one stream; its socket comes with it. */
export interface StreamOrder {
  /** The request's id. */
  readonly stream: number;
  readonly format: string;
  readonly transport: Transport;
  readonly forward: Forward;
  /**
   * Base64: bytes already read from the socket after the header, and the first bytes for the
   * client.
   */
  readonly head: string;
  readonly reply: string;
  /**
   * Base64: the whole answer, sent after the client's last byte. If left out, the answer begins
   * with `reply`. A sender that closes after its last byte must have no unread bytes then: its
   * kernel would reset the connection and drop unsent bytes.
   */
  readonly finalReply?: string;
  /**
   * How the end of the answer's body is marked. Left out: chunked for HTTP; "none" for HTTP/1.0,
   * where the connection's end marks it.
   */
  readonly answerCoding?: "none";
  /** The WebSocket subprotocol that was chosen among those offered. */
  readonly subprotocol?: string;
  /** Length of the body where the transport is "length", else 0. */
  readonly bodyBytes: number;
  /**
   * A stream with more bytes than this, or silent for longer than this, is ended; 0 = no bound.
   */
  readonly maxBytes: number;
  readonly idleTimeoutMs: number;
  /**
   * The instant of assignment on the machine's monotonic clock (`monotonicMs`), shared by all
   * processes.
   */
  readonly givenAtMs: number;
}

/**
 * To a streamlet. `close` ends one stream as interrupted; `pipe` lets it listen for its gateway;
 * `exit` ends the process, which has no stream.
 */
export type ToStreamlet =
  | ({ readonly kind: "open" } & StreamOrder)
  | { readonly kind: "close"; readonly stream: number }
  | { readonly kind: "hog"; readonly what: Hog }
  | { readonly kind: "pipe"; readonly path: string }
  | { readonly kind: "exit" };

/**
 * A fault that the scenario asks for: the process takes all the memory or CPU that it can get.
 */
export type Hog = "memory" | "cpu";

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

/** Load and quality, reported with each heartbeat. Sums are since the start of the process. */
export interface Beat {
  readonly open: number;
  readonly cpuMs: number;
  readonly rssBytes: number;
  /** How late the heartbeat's timer fired, at most, since the last beat. */
  readonly lagMs: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly errorCount: number;
  /** Open streams that have had an error so far; left out = none. */
  readonly degraded?: readonly number[];
}

/** From a streamlet. */
export type FromStreamlet =
  | { readonly kind: "ready"; readonly pid: number }
  | ({ readonly kind: "beat" } & Beat)
  /** It listens at the path that `pipe` named. */
  | { readonly kind: "pipe" }
  | ({ readonly kind: "ended" } & StreamReport);

/**
 * The first message to the manager: its settings. Infinite limits are null, since JSON has no
 * infinity.
 */
export interface ManagerOrders {
  readonly classes: readonly ProcessClass[];
  readonly times: HostTimes;
  readonly methods?: readonly Method[];
  readonly requireLimits: boolean;
  /** Refuse to start where the streamlets cannot be confined. */
  readonly requireIsolation: boolean;
  /** Where the HTTP API listens; port 0 = any. */
  readonly address: string;
  readonly port: number;
  readonly token?: string;
  /** Where there is no `token`: calls that change something need this one. */
  readonly changeToken?: string;
}

/**
 * An operator's request by the HTTP API; the control plane decides. For `launch` the id is a
 * pool's.
 */
export interface OperatorRequest {
  readonly ask: "drain" | "terminate" | "launch";
  readonly id: number;
}

/** The first words of the line about leftovers of another manager. */
export const CLEANED_UP = "cleaned up";

/**
 * From the gateway to the manager. The socket of a stream comes with `open`; the order of
 * messages is kept.
 */
export type ToManager =
  | { readonly kind: "launch"; readonly id: StreamletId; readonly pool: number }
  | { readonly kind: "open"; readonly id: StreamletId; readonly order: StreamOrder }
  | { readonly kind: "stop" | "kill"; readonly id: StreamletId; readonly reason: StopReason }
  | { readonly kind: "hang"; readonly id: StreamletId }
  | { readonly kind: "hog"; readonly id: StreamletId; readonly what: Hog }
  /**
   * The streamlet must listen there. Answered by `pipe`, unless its bytes must pass through the
   * manager.
   */
  | { readonly kind: "pipe"; readonly id: StreamletId; readonly path: string }
  /**
   * Opens or closes the HTTP API: a manager that is replaced leaves its port to the next. Answered
   * by `api-done`.
   */
  | { readonly kind: "api"; readonly listening: boolean }
  /** Whether the pools have room for another stream. For /ready. */
  | { readonly kind: "room"; readonly hasRoom: boolean }
  | { readonly kind: "shut-down" };

/**
 * From the manager to the gateway: `ready`, `ended` and `stopped` become one injected event each.
 */
export type FromManager =
  | { readonly kind: "ready"; readonly id: StreamletId }
  | { readonly kind: "ended"; readonly id: StreamletId; readonly report: StreamReport }
  | { readonly kind: "pipe"; readonly id: StreamletId }
  | {
      readonly kind: "stopped";
      readonly id: StreamletId;
      readonly reason: StopReason;
      readonly detail: string;
      readonly lost: readonly number[];
    }
  /**
   * The latest heartbeat of each streamlet since the last such message. It is also the manager's
   * own heartbeat, so it is sent even if empty.
   */
  | { readonly kind: "beats"; readonly beats: readonly (readonly [StreamletId, Beat])[] }
  | ({ readonly kind: "asked" } & OperatorRequest)
  /** A line for people. */
  | { readonly kind: "notice"; readonly line: string }
  /** An operator asks for another manager: the gateway replaces it, without the control plane. */
  | { readonly kind: "restart-wanted" }
  | { readonly kind: "api-done" }
  /** The manager is up; `lines` are for people: limits in force, leftovers removed. */
  | {
      readonly kind: "up";
      readonly pid: number;
      readonly port: number;
      readonly enforced: Readonly<Record<string, string>>;
      readonly lines: readonly string[];
    }
  | { readonly kind: "failed"; readonly message: string };
