import type { StreamletId } from "../../ports/fleet.js";
import type { Beat } from "../wire/messages.js";
import type { StreamletProcess } from "./streamlet-process.js";

/** As seen by an operator. */
export interface ProcessView {
  readonly id: StreamletId;
  readonly pool: number;
  readonly pid: number | undefined;
  readonly state: "queued" | "starting" | "ready" | "stopping";
  readonly streams: number;
  readonly ageMs: number;
  readonly beat: Beat | undefined;
}

/** A streamlet of a host, from its launch to its end. */
export interface Entry {
  readonly id: StreamletId;
  readonly pool: number;
  readonly askedMs: number;
  process: StreamletProcess | undefined;
  stopping: boolean;
  /** Not by the zygote. */
  direct: boolean;
}

export function viewOf(entry: Entry, nowMs: number): ProcessView {
  const { id, pool, process: target } = entry;
  const beat = target?.lastBeat;
  return {
    id,
    pool,
    pid: target?.pid,
    state: stateOf(entry),
    // Those that came by a direct line are known by the last heartbeat.
    streams: Math.max(target?.carried.size ?? 0, beat?.open ?? 0),
    ageMs: nowMs - entry.askedMs,
    beat,
  };
}

function stateOf(entry: Entry): ProcessView["state"] {
  if (entry.process === undefined) return "queued";
  if (entry.stopping) return "stopping";
  return entry.process.ready ? "ready" : "starting";
}
