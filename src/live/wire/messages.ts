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
import type { StopReason, StreamletId } from "../../ports/fleet.js";
import type { Method } from "../limits/limits.js";
import type { HostTimes, ProcessClass } from "./process-class.js";
import type { StreamOrder } from "./stream-order.js";
import type { StreamReport } from "./stream-report.js";

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
