import { formatInstant } from "../base/calendar.js";
import { formatDuration } from "../base/units.js";
import type { Explanation } from "../experiment/explain.js";
import type { DecisionRecord } from "../ports/telemetry.js";

/** What each policy saw and why it chose what it chose, pool by pool. */
export function renderExplanations(explanations: readonly Explanation[], epochMs: number): string {
  const [first] = explanations;
  const head = `at ${formatInstant(epochMs + first.atMs)} (${formatDuration(first.atMs)} into the run, replication 1)`;
  return [head, ...explanations.flatMap((one) => ["", ...renderOne(one, epochMs)])].join("\n");
}

function renderOne(one: Explanation, epochMs: number): string[] {
  const { open, waiting, ready, spawning, draining, desired } = one;
  return [
    `${one.policy} · pool ${one.pool}: ${desired} wanted; ${ready} ready, ${spawning} spawning, ${draining} draining; ${open} open streams, ${waiting} waiting`,
    ...(one.decisions.length === 0
      ? ["  no decision yet"]
      : one.decisions.map((decision) => `  ${renderDecision(decision, epochMs)}`)),
  ];
}

function renderDecision(decision: DecisionRecord, epochMs: number): string {
  const clock = formatInstant(epochMs + decision.atMs).slice(11, 19);
  const refusal = decision.refusal === "" ? "" : ` [${decision.refusal}: ${decision.desired}]`;
  const seen = `saw ${decision.open} open, ${decision.waiting} waiting, ${decision.ready} ready, ${decision.spawning} spawning`;
  const details = Object.entries(decision.details ?? {}).map(([name, value]) => `${name} ${shortNumber(value)}`);
  const because = details.length === 0 ? "" : ` (${details.join(", ")})`;
  return `${clock}  → ${decision.wanted}${refusal}  ${decision.reason}; ${seen}${because}`;
}

function shortNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}
