import type { RandomStream } from "../../base/random.js";
import type { Steps } from "../scenario-path.js";
import { type AttackWorld, classSteps, durationAt, type PlainDocument, withValue } from "./attack-world.js";
import { durationText, type Surge, type TrafficShape, type Wave } from "./traffic-shape.js";

const MINUTE_MS = 60_000;
/** An autoscaler decides four times a minute: shorter runs show little. */
const BUDGET = ["slo", "violatingMinutes"];
const SHORTEST_MS = 10 * MINUTE_MS;
const HOUR_MS = 3_600_000;
/** Values that the search chooses from: round numbers, so that a found world is easy to read. */
const RATE_FACTORS = [0.25, 0.5, 2, 4];
const PULSES = [1.5, 2, 3, 5, 10];
const AMPLITUDES = [0.3, 0.6, 0.9, 1];
const PERIODS_MS = [10, 20, 30, 60, 120, 360, 1440].map((minutes) => minutes * MINUTE_MS);
const SURGES = [1.5, 2, 3, 5, 10];
const SURGE_LENGTHS_MS = [1, 2, 5, 15, 30, 60].map((minutes) => minutes * MINUTE_MS);
const SURGE_STEP_MS = 5 * MINUTE_MS;
const DURATIONS_MS = [0.5, 1, 2, 4, 8, 24].map((hours) => hours * HOUR_MS);
const SPAWNS_S = [0.1, 1, 5, 15, 30, 60, 120, 300];
const HOLDINGS_S = [10, 30, 60, 120, 300, 600, 1800];
const HOLDING_CVS = [0.3, 1.5, 3];
const PATIENCES = ["1s", "5s", "10s", "30s", "2min"];
const MTBFS = ["10min", "30min", "1h", "6h", "24h"];
const SPAWN_FAILURES = [0.01, 0.1, 0.3];

type Change = (world: AttackWorld, random: RandomStream) => AttackWorld | undefined;

/**
 * The first rate of a shape if the base has another kind of traffic, and the longest duration.
 */
export interface MutationFrame {
  readonly meanPerSecond: number;
  readonly longestMs: number;
}

/**
 * A copy of the world with one to three things changed: traffic, faults, timing. Knobs of policies
 * are left alone.
 */
export function mutated(world: AttackWorld, frame: MutationFrame, random: RandomStream): AttackWorld {
  const changes = changesOf(frame);
  let next = world;
  for (let left = 1 + random.integerBelow(3); left > 0; left--)
    next = changes[random.integerBelow(changes.length)](next, random) ?? next;
  return next;
}

function changesOf({ meanPerSecond, longestMs }: MutationFrame): readonly Change[] {
  const shapeOf = (world: AttackWorld): TrafficShape => world.shape ?? { ratePerSecond: rounded(meanPerSecond) };
  const shaped =
    (change: (shape: TrafficShape, random: RandomStream, durationMs: number) => TrafficShape): Change =>
    (world, random) => ({
      ...world,
      shape: change(shapeOf(world), random, durationAt(world.document, ["duration"]) ?? longestMs),
    });
  const rate = shaped((shape, random) => ({
    ...shape,
    ratePerSecond: rounded(shape.ratePerSecond * pick(random, RATE_FACTORS)),
  }));
  const wave = shaped((shape, random) => ({ ...shape, wave: randomWave(random) }));
  const surge = shaped((shape, random, durationMs) => ({ ...shape, surge: randomSurge(random, durationMs) }));
  const withoutWave = shaped(({ wave: _, ...shape }) => shape);
  const withoutSurge = shaped(({ surge: _, ...shape }) => shape);
  return [rate, wave, wave, surge, surge, withoutWave, withoutSurge, ...timings(longestMs), ...faults];
}

function randomWave(random: RandomStream): Wave {
  const periodMs = pick(random, PERIODS_MS);
  const phaseMs = (periodMs / 10) * random.integerBelow(10);
  if (random.uniform() < 0.5) return { kind: "sine", height: pick(random, AMPLITUDES), periodMs, phaseMs };
  return { kind: "pulse", height: pick(random, PULSES), periodMs, phaseMs };
}

/** Begins on full five minutes in the middle half of the run. */
function randomSurge(random: RandomStream, durationMs: number): Surge {
  const atMs = Math.floor((durationMs * (0.25 + 0.5 * random.uniform())) / SURGE_STEP_MS) * SURGE_STEP_MS;
  return { atMs, lengthMs: pick(random, SURGE_LENGTHS_MS), height: pick(random, SURGES) };
}

function timings(longestMs: number): Change[] {
  const durations = DURATIONS_MS.filter((one) => one <= longestMs);
  return [
    (world, random) => {
      const document = durations.length === 0 ? undefined : withDuration(world.document, pick(random, durations));
      return document && { ...world, document };
    },
    (world, random) => {
      const seconds = pick(random, SPAWNS_S);
      const spawn =
        random.uniform() < 0.7 ? constant(`${seconds}s`) : { kind: "lognormal", mean: `${seconds}s`, cv: 1 };
      return classSteps(world.document).reduce((next, steps) => set(next, [...steps, "spawn"], spawn), world);
    },
    (world, random) => set(world, ["streams", "holding"], randomHolding(random)),
    (world, random) => set(world, ["streams", "patience"], constant(pick(random, PATIENCES))),
  ];
}

function randomHolding(random: RandomStream): unknown {
  const mean = `${pick(random, HOLDINGS_S)}s`;
  const kind = random.integerBelow(3);
  if (kind === 0) return constant(mean);
  if (kind === 1) return { kind: "exponential", mean };
  return { kind: "lognormal", mean, cv: pick(random, HOLDING_CVS) };
}

const faults: readonly Change[] = [
  (world, random) => set(world, ["faults", "streamletMtbf"], pick(random, MTBFS)),
  (world, random) => set(world, ["faults", "spawnFailure"], pick(random, SPAWN_FAILURES)),
  (world, random) => set(world, ["faults", "hangMtbf"], pick(random, MTBFS)),
  (world) => {
    const { faults: _, ...document } = world.document;
    return { ...world, document };
  },
];

/**
 * The shortest run in which the measured time is at least as long as the warm-up; ten minutes
 * without one.
 */
function shortestMs(document: PlainDocument): number {
  return Math.max(SHORTEST_MS, 2 * (durationAt(document, ["warmup"]) ?? 0));
}

/**
 * The document with another duration, and an error budget in minutes shortened in proportion.
 * Undefined if the warm-up leaves too little time to measure.
 */
export function withDuration(document: PlainDocument, durationMs: number): PlainDocument | undefined {
  if (durationMs < shortestMs(document)) return undefined;
  const other = withValue(document, ["duration"], durationText(durationMs));
  const wholeMs = durationAt(document, ["duration"]);
  const budgetMs = durationAt(document, BUDGET);
  if (wholeMs === undefined || budgetMs === undefined || budgetMs === 0) return other;
  return withValue(other, BUDGET, durationText(Math.ceil((budgetMs * durationMs) / wholeMs)));
}

function set(world: AttackWorld, steps: Steps, value: unknown): AttackWorld {
  return { ...world, document: withValue(world.document, steps, value) };
}

function constant(value: string): unknown {
  return { kind: "constant", value };
}

function pick<T>(random: RandomStream, choices: readonly T[]): T {
  return choices[random.integerBelow(choices.length)];
}

/** Two significant digits. */
function rounded(value: number): number {
  return Number(value.toPrecision(2));
}
