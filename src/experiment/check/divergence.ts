import type { PolicyFigures } from "./figures.js";
import type { KeptDecision } from "./kept-decision.js";

/** The first difference between the decisions of two runs of one policy on the same arrivals. */
export interface Divergence {
  readonly atMs: number;
  readonly pool: number;
  /** Streamlets desired from that instant on, before and now; null without a decision so far. */
  readonly from: number | null;
  readonly to: number | null;
  readonly reasons: readonly [before: string, now: string];
  /** The observations of the decisions in force at that instant; null without one. */
  readonly saw: readonly [before: Seen | null, now: Seen | null];
}

export type Seen = Pick<KeptDecision, "atMs" | "open" | "waiting" | "ready" | "spawning">;

/**
 * The first difference between two lists of effective decisions, in order of time. Undefined if
 * both are equal, or if the shorter list was cut at its bound and is a prefix of the longer.
 */
export function firstDivergence(
  before: readonly KeptDecision[],
  now: readonly KeptDecision[],
  bound: number,
): Divergence | undefined {
  let i = 0;
  while (i < before.length && i < now.length && isSame(before[i], now[i])) i++;
  const [old, recent] = [before[i], now[i]];
  if (old === undefined && recent === undefined) return undefined;
  if ((old === undefined && i >= bound) || (recent === undefined && i >= bound)) return undefined;
  const atMs = Math.min(old?.atMs ?? Number.POSITIVE_INFINITY, recent?.atMs ?? Number.POSITIVE_INFINITY);
  const pool = (old?.atMs === atMs ? old : recent).pool;
  const inForceBefore = inForce(before, i, atMs, pool);
  const inForceNow = inForce(now, i, atMs, pool);
  return {
    atMs,
    pool,
    from: inForceBefore?.desired ?? null,
    to: inForceNow?.desired ?? null,
    reasons: [reasonOf(inForceBefore), reasonOf(inForceNow)],
    saw: [seenBy(inForceBefore), seenBy(inForceNow)],
  };
}

/** The hour (from 0) in which replication 0 first decided differently; undefined if it did not. */
export function divergingHour(before: PolicyFigures, now: PolicyFigures): number | undefined {
  const hour = now.hours.findIndex((hash, h) => hash !== before.hours[h]);
  return hour < 0 ? undefined : hour;
}

function isSame(a: KeptDecision, b: KeptDecision): boolean {
  return (
    a.atMs === b.atMs &&
    a.pool === b.pool &&
    a.desired === b.desired &&
    a.reason === b.reason &&
    a.refusal === b.refusal
  );
}

/** The last decision for the pool up to the instant, among entries from `from` on. */
function inForce(list: readonly KeptDecision[], from: number, atMs: number, pool: number): KeptDecision | undefined {
  const next = list[from];
  if (next !== undefined && next.atMs === atMs && next.pool === pool) return next;
  for (let i = from - 1; i >= 0; i--) if (list[i].pool === pool) return list[i];
  return undefined;
}

function reasonOf(decision: KeptDecision | undefined): string {
  if (decision === undefined) return "no decision yet";
  return decision.refusal === "" ? decision.reason : `${decision.reason} (${decision.refusal})`;
}

function seenBy(decision: KeptDecision | undefined): Seen | null {
  if (decision === undefined) return null;
  const { atMs, open, waiting, ready, spawning } = decision;
  return { atMs, open, waiting, ready, spawning };
}
