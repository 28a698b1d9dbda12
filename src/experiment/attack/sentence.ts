import { formatDuration } from "../../base/units.js";
import type { RunResult } from "../../world/run-result.js";
import type { AttackWorld, PlainDocument } from "./attack-world.js";
import type { Goal, RatioInterval } from "./goal.js";
import { shapeText } from "./traffic-shape.js";
import type { Trial } from "./trial-runner.js";

/**
 * One sentence: which policy failed, by how much, in which world, and its decision at that instant.
 */
export function findSentence(goal: Goal, trial: Trial, { ratio, low, high, n }: RatioInterval): string {
  const [policy, against] = trial.scenario.policies.map(({ name }) => name);
  const size = `${figure(ratio)} (${figure(low)} to ${figure(high)}, ${n} replications)`;
  const what =
    goal.kind === "oscillation"
      ? `${policy} turns between growing and shrinking ${size} times an hour`
      : goal.kind === "loss"
        ? `${policy} costs ${size} times as much as ${against} and serves no better`
        : against === undefined
          ? `${policy} exceeds its SLO ${size} times`
          : `${policy} exceeds its SLO ${size} times as far as ${against}`;
  return `${what}. World: ${worldText(trial.world)}. ${momentText(goal, trial)}`;
}

function figure(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(3))) : "unknown";
}

/** Traffic, holding times, spawns and faults in a few words. */
function worldText({ document, shape }: AttackWorld): string {
  const parts = [shape === undefined ? "the scenario's own traffic" : shapeText(shape)];
  parts.push(`for ${document.duration}`);
  const { holding } = (document.streams ?? {}) as PlainDocument;
  parts.push(`streams of ${lawText(holding)}`);
  const { streamlet } = (document.fleet ?? {}) as PlainDocument;
  const classes = (Array.isArray(streamlet) ? streamlet : [streamlet]) as PlainDocument[];
  parts.push(`spawns of ${lawText(classes[0]?.spawn)}`);
  const faults = Object.entries((document.faults ?? {}) as PlainDocument);
  for (const [name, value] of faults) parts.push(`${name} ${lawText(value)}`);
  return parts.join("; ");
}

function lawText(law: unknown): string {
  if (law === undefined) return "no time";
  if (law === null || typeof law !== "object") return String(law);
  const { kind, ...values } = law as PlainDocument;
  const [centre] = Object.values(values);
  return kind === "constant" || kind === undefined ? String(centre) : `${centre} (${kind})`;
}

/** The policy's desired count and observation in replication 0 at the worst instant. */
function momentText(goal: Goal, { first, scenario }: Trial): string {
  const [policy, against] = first;
  const atMs = worstMs(goal, policy, against, scenario.warmupMs);
  const decision = policy.decisions.findLast((one) => one.atMs <= atMs) ?? policy.decisions[0];
  if (decision === undefined) return "It decided nothing.";
  const { desired, reason, refusal, open, waiting, ready } = decision;
  const why = refusal === "" ? reason : `${reason}, ${refusal}`;
  const saw = `it saw ${open} open and ${waiting} waiting on ${ready} ready`;
  return `At ${formatDuration(atMs)} it wanted ${desired} streamlets (${why}); ${saw}.`;
}

/**
 * The end of the measured bin with most requests lost or waiting, or with most streamlets paid
 * for.
 */
function worstMs(goal: Goal, { timeline }: RunResult, against: RunResult | undefined, warmupMs: number): number {
  const { binMs, waiting, rejected, abandoned, ready, spawning, draining } = timeline;
  const other = against?.timeline;
  const badness = (i: number): number => {
    if (goal.kind !== "loss") return waiting[i] + rejected[i] + abandoned[i];
    const theirs = other === undefined ? 0 : other.ready[i] + other.spawning[i] + other.draining[i];
    return ready[i] + spawning[i] + draining[i] - theirs;
  };
  const from = Math.min(waiting.length - 1, Math.ceil(warmupMs / binMs));
  let worst = from;
  for (let i = from + 1; i < waiting.length; i++) if (badness(i) > badness(worst)) worst = i;
  return (worst + 1) * binMs;
}
