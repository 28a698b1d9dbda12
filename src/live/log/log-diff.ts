import { InputError } from "../../base/errors.js";
import { firstDivergence } from "../../experiment/check/divergence.js";
import { type KeptDecision, MOST_KEPT } from "../../experiment/check/kept-decision.js";
import type { DiffDocument, DiffRow, ReasonCount } from "../../experiment/diff/diff-document.js";
import { decisionNames } from "../../world/pools.js";
import type { LoggedRun } from "./run-log-reader.js";

const HOUR_MS = 3_600_000;

/** The figures of one log that are compared. */
interface LogFigures {
  readonly kept: readonly KeptDecision[];
  readonly counts: ReadonlyMap<string, number>;
  readonly reasons: ReadonlyMap<string, number>;
  /** Decisions that changed something, and streamlets (mean) by hour. */
  readonly changesByHour: readonly number[];
  readonly streamletsByHour: readonly number[];
}

/**
 * Compares two run logs. Each is a single run, so figures have no intervals; decisions are
 * compared one by one.
 */
export function diffLogs(a: LoggedRun, b: LoggedRun): DiffDocument {
  const pools = decisionNames(a.header.scenario);
  if (pools.join() !== decisionNames(b.header.scenario).join()) {
    throw new InputError({
      code: "HR1515",
      where: b.file,
      got: `pools ${decisionNames(b.header.scenario).join(", ")}`,
      expected: `${pools.join(", ")}, as in ${a.file}`,
      remedy: "Compare logs of one fleet",
    });
  }
  const [before, now] = [figuresOf(a), figuresOf(b)];
  const found = firstDivergence(before.kept, now.kept, MOST_KEPT);
  return {
    kind: "logs",
    a: a.file,
    b: b.file,
    noise: "none: one run each",
    rows: rowsOf(b.header.policy.name, before, now),
    firstDivergence: found === undefined ? null : { ...found, pool: pools[found.pool] },
    paths: [
      { what: "streamlets", a: before.streamletsByHour, b: now.streamletsByHour },
      { what: "decisions", a: before.changesByHour, b: now.changesByHour },
    ],
    reasons: reasonsOf(before.reasons, now.reasons),
    notes: notesOf(a, b),
  };
}

function figuresOf(run: LoggedRun): LogFigures {
  const counts = new Map<string, number>();
  const reasons = new Map<string, number>();
  const kept: KeptDecision[] = [];
  const last = new Map<number, number>();
  const levels: { readonly atMs: number; readonly change: number }[] = [];
  const add = (map: Map<string, number>, key: string): unknown => map.set(key, (map.get(key) ?? 0) + 1);
  for (const line of run.lines.slice(1)) {
    const record = JSON.parse(line) as Record<string, unknown> & { readonly at: number; readonly kind: string };
    const { at: atMs, kind } = record;
    if (kind === "request") add(counts, "requests");
    else if (kind === "ended") add(counts, String(record.end));
    else if (kind === "rejected" || kind === "abandoned" || kind === "waiting") add(counts, kind);
    else if (kind === "streamlet") {
      if (record.from === "none") add(counts, "spawns");
      const change = Number(record.from === "none") - Number(record.to === "stopped");
      if (change !== 0) levels.push({ atMs, change });
    } else if (kind === "decided") {
      const decision = { ...record, atMs } as unknown as KeptDecision;
      const { pool, desired, reason, refusal } = decision;
      if (last.get(pool) === desired && refusal === "") continue;
      last.set(pool, desired);
      kept.push(decision);
      add(reasons, refusal === "" ? reason : `${reason} (${refusal})`);
    }
  }
  const hours = Math.max(1, Math.ceil(run.endMs / HOUR_MS));
  const changesByHour = new Array<number>(hours).fill(0);
  for (const { atMs } of kept) changesByHour[Math.min(hours - 1, Math.floor(atMs / HOUR_MS))]++;
  return { kept, counts, reasons, changesByHour, streamletsByHour: meanLevels(levels, run.endMs, hours) };
}

/** Time average per hour of a level that starts at 0; the last hour may be incomplete. */
function meanLevels(
  changes: readonly { readonly atMs: number; readonly change: number }[],
  endMs: number,
  hours: number,
): number[] {
  const means: number[] = [];
  let level = 0;
  let next = 0;
  for (let hour = 0; hour < hours; hour++) {
    const untilMs = Math.min((hour + 1) * HOUR_MS, endMs);
    let fromMs = hour * HOUR_MS;
    const spanMs = Math.max(1, untilMs - fromMs);
    let sum = 0;
    for (; next < changes.length && changes[next].atMs < untilMs; next++) {
      sum += level * (changes[next].atMs - fromMs);
      fromMs = changes[next].atMs;
      level += changes[next].change;
    }
    sum += level * (untilMs - fromMs);
    means.push(Number((sum / spanMs).toPrecision(4)));
  }
  return means;
}

function rowsOf(policy: string, a: LogFigures, b: LogFigures): DiffRow[] {
  const names = ["requests", "completed", "interrupted", "rejected", "abandoned", "waiting", "spawns"];
  return names.map((metric) => {
    const [was, is] = [a.counts.get(metric) ?? 0, b.counts.get(metric) ?? 0];
    const word = was === is ? "same" : "cannot tell";
    return { policy, metric, a: was, b: is, delta: is - was, halfWidth: null, word };
  });
}

function reasonsOf(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): ReasonCount[] {
  const names = [...new Set([...a.keys(), ...b.keys()])].sort();
  return names
    .map((reason) => ({ reason, a: a.get(reason) ?? 0, b: b.get(reason) ?? 0 }))
    .sort((x, y) => Math.abs(y.b - y.a) - Math.abs(x.b - x.a));
}

function notesOf(a: LoggedRun, b: LoggedRun): string[] {
  const notes: string[] = [];
  const [one, other] = [a.header, b.header];
  if (one.scenario.hash !== other.scenario.hash) notes.push("The scenarios differ");
  if (one.policy.name !== other.policy.name)
    notes.push(`The policies differ (${one.policy.name}, ${other.policy.name})`);
  if (a.endMs !== b.endMs) notes.push(`One run took ${a.endMs} ms, the other ${b.endMs} ms`);
  notes.push("Two live runs never meet the same arrivals at the same instants: only a replay does");
  return notes;
}
