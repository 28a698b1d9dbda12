import { formatInstant } from "../base/calendar.js";
import { formatCount, formatDuration } from "../base/units.js";
import type { ExplainedEvents, ExplainedSpan, Explanation } from "../experiment/explain.js";
import type { Zone } from "../experiment/instant.js";
import { failureSentence } from "../experiment/policy-failures.js";
import type { DecisionRecord } from "../ports/telemetry.js";
import { formatNumber, wantedText } from "../report/numbers.js";

/** More decisions of a pool are counted, not shown. */
const MOST_SHOWN = 40;

/** How times of the run are written: in a zone, or counted from the run's start. */
interface Clock {
  readonly epochMs: number;
  readonly zone: Zone;
}

/**
 * What each policy saw and the reason of its decision, pool by pool, with the requests and
 * streamlets meanwhile.
 */
export function renderExplanations(span: ExplainedSpan, clock: Clock): string {
  const { fromMs, toMs, isRange, pools, events } = span;
  const when = isRange ? `${instant(fromMs, clock)} to ${instant(toMs, clock)}` : instant(toMs, clock);
  const sinceStart = formatDuration(toMs);
  const head = `${isRange ? "from" : "at"} ${when} ${clock.zone.name} (${sinceStart} into the run, replication 1)`;
  const counted = isRange ? "in this time" : "in the minute before";
  const failed = failuresIn(span).map((sentence) => `\n${sentence}`);
  const blocks = events.flatMap((one) => [
    ...pools.filter(({ policy }) => policy === one.policy).flatMap((pool) => ["", ...poolLines(pool, clock)]),
    "",
    ...eventLines(one, clock, counted),
  ]);
  return [head, ...failed, ...blocks].join("\n");
}

/** A sentence for each policy whose module failed until then. */
export function failuresIn({ events }: Pick<ExplainedSpan, "events">): string[] {
  return events.flatMap(({ policy, failures }) => (failures === undefined ? [] : [failureSentence(policy, failures)]));
}

function instant(atMs: number, { epochMs, zone }: Clock): string {
  const utcMs = epochMs + atMs;
  return formatInstant(utcMs + zone.offsetMs(utcMs)).replace("Z", "");
}

function poolLines(one: Explanation, clock: Clock): string[] {
  const { open, waiting, ready, spawning, draining, desired } = one;
  const left = one.decisions.length - MOST_SHOWN;
  return [
    `${one.policy} · pool ${one.pool}: ${desired} wanted; ${ready} ready, ${spawning} ` +
      `spawning, ${draining} draining; ${open} open streams, ${waiting} waiting`,
    ...(one.decisions.length === 0 ? ["  no decision that changed anything"] : []),
    ...(left > 0 ? [`  (${formatCount(left)} earlier ones are left out; --json has all)`] : []),
    ...one.decisions.slice(-MOST_SHOWN).map((decision) => `  ${decisionLine(decision, clock)}`),
  ];
}

function decisionLine(decision: DecisionRecord, clock: Clock): string {
  const time = instant(decision.atMs, clock).slice(11, 19);
  const refusal = decision.refusal === "" ? "" : ` [${decision.refusal}: ${decision.desired}]`;
  const seen =
    `saw ${decision.open} open, ${decision.waiting} waiting, ` +
    `${decision.ready} ready, ${decision.spawning} spawning`;
  const details = Object.entries(decision.details ?? {}).map(([name, value]) => `${name} ${formatNumber(value)}`);
  const because = details.length === 0 ? "" : ` (${details.join(", ")})`;
  return `${time}  → ${wantedText(decision.wanted)}${refusal}  ${decision.reason}; ${seen}${because}`;
}

/** Waits, losses and ends of streamlets; one line for a policy without any. */
function eventLines({ policy, requests, ends }: ExplainedEvents, clock: Clock, counted: string): string[] {
  const lines = requests.flatMap((one) => {
    const rejected = Object.entries(one.rejected).map(
      ([reason, count]) => `${formatCount(count)} rejected (${reason})`,
    );
    const parts = [
      ...(one.waited > 0 ? [`${formatCount(one.waited)} waited`] : []),
      ...(one.longestWaitMs > 0
        ? [
            `the longest wait was ${formatDuration(one.longestWaitMs)} and ` +
              `ended ${instant(one.longestWaitEndedAtMs, clock).slice(11, 19)}`,
          ]
        : []),
      ...rejected,
      ...(one.abandoned > 0 ? [`${formatCount(one.abandoned)} gave up waiting`] : []),
      ...(one.interrupted > 0 ? [`${formatCount(one.interrupted)} streams were interrupted`] : []),
    ];
    const arrived = `${formatCount(one.arrivals)} requests arrived`;
    return parts.length === 0 ? [] : [`  requests of ${one.region}: ${[arrived, ...parts].join(", ")}`];
  });
  const stopped = ends.map(({ pool, reason, count }) => `  streamlets of ${pool}: ${formatCount(count)} ${reason}`);
  if (lines.length + stopped.length === 0)
    return [`${policy}, ${counted}: nobody waited, nothing was lost, no streamlet ended.`];
  return [`${policy}, ${counted}:`, ...lines, ...stopped];
}
