import { deflateSync, inflateSync } from "node:zlib";
import type { DecisionRecord } from "../../ports/telemetry.js";

/** A decision that changed the desired count or was refused, with what the policy saw. */
export type KeptDecision = Pick<
  DecisionRecord,
  "atMs" | "pool" | "desired" | "reason" | "refusal" | "open" | "waiting" | "ready" | "spawning"
>;

/** Decisions of one run that a baseline keeps; a busy policy makes about 2,000 a day. */
export const MOST_KEPT = 20_000;
/** Inflated, 20,000 decisions take about 2 MB: more is no list of ours. */
const MOST_BYTES = 16_000_000;

/** The columns of a row; reasons and refusals are indexes into the list of texts. */
interface Packed {
  readonly texts: readonly string[];
  readonly rows: readonly (readonly number[])[];
}

/** Packs decisions as base64 of deflated JSON: about 8 bytes a decision. */
export function packDecisions(decisions: readonly KeptDecision[]): string {
  const texts: string[] = [];
  const indexes = new Map<string, number>();
  const index = (text: string): number => {
    const known = indexes.get(text);
    if (known !== undefined) return known;
    indexes.set(text, texts.length);
    texts.push(text);
    return texts.length - 1;
  };
  const rows = decisions
    .slice(0, MOST_KEPT)
    .map((one) => [
      one.atMs,
      one.pool,
      one.desired,
      index(one.reason),
      index(one.refusal),
      one.open,
      one.waiting,
      one.ready,
      one.spawning,
    ]);
  const packed: Packed = { texts, rows };
  return deflateSync(JSON.stringify(packed), { level: 9 }).toString("base64");
}

/** The decisions of a packed list; undefined where it is none. */
export function unpackDecisions(text: string): KeptDecision[] | undefined {
  try {
    const bytes = inflateSync(Buffer.from(text, "base64"), { maxOutputLength: MOST_BYTES });
    const { texts, rows } = JSON.parse(bytes.toString("utf8")) as Packed;
    return rows.map((row) => decisionOf(row, texts));
  } catch {
    return undefined;
  }
}

function decisionOf(row: readonly number[], texts: readonly string[]): KeptDecision {
  const [atMs, pool, desired, reason, refusal, open, waiting, ready, spawning] = row;
  const whole = { atMs, pool, desired, reason: texts[reason], refusal: texts[refusal], open, waiting, ready, spawning };
  if (row.length !== 9 || typeof whole.reason !== "string" || typeof whole.refusal !== "string")
    throw new RangeError("a row that is no decision");
  return whole;
}
