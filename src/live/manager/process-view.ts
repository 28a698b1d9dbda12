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

/** What a host does with a streamlet. "direct": it is spawned, not forked by a zygote. */
type Stage =
  | { readonly is: "queued"; readonly direct: boolean }
  | { readonly is: "running" | "stopping"; readonly process: StreamletProcess };

/** A streamlet of a host, from its launch to its end. */
export interface Entry {
  readonly id: StreamletId;
  readonly pool: number;
  readonly askedMs: number;
  stage: Stage;
}

/** Undefined while it is queued. */
export function processOf(entry: Entry | undefined): StreamletProcess | undefined {
  return entry === undefined || entry.stage.is === "queued" ? undefined : entry.stage.process;
}

export function viewOf(entry: Entry, nowMs: number): ProcessView {
  const { id, pool } = entry;
  const target = processOf(entry);
  const beat = target?.lastBeat;
  return {
    id,
    pool,
    pid: target?.pid,
    state: stateOf(entry),
    // The last heartbeat counts those that came by a direct pipe.
    streams: Math.max(target?.carried.size ?? 0, beat?.open ?? 0),
    ageMs: nowMs - entry.askedMs,
    beat,
  };
}

function stateOf({ stage }: Entry): ProcessView["state"] {
  if (stage.is !== "running") return stage.is;
  return stage.process.becameReady ? "ready" : "starting";
}
