import { parseQuantity } from "../../base/units.js";
import type { Steps } from "../scenario-path.js";
import { valueAt } from "../scenario-path.js";
import { type AttackWorld, durationAt, type PlainDocument, withValue } from "./attack-world.js";
import { withDuration } from "./mutate.js";
import { durationText, type TrafficShape } from "./traffic-shape.js";

/**
 * Parts of a document that name the attacked policy, the measure, and the warm-up; shrinking
 * keeps them. Without the warm-up only the start from `min` streamlets would be measured.
 */
const KEPT = new Set(["version", "name", "seed", "replications", "warmup", "policies", "slo", "cost"]);
const MINUTE_MS = 60_000;
const SURGE_STEP_MS = 5 * MINUTE_MS;

/** A way to shrink a world. Kinds that remove most are tried first. */
interface Reduction {
  readonly what: string;
  readonly world: AttackWorld;
}

/**
 * Shrinks a world while `holds` reports that the goal is still reached (delta debugging, Zeller
 * and Hildebrandt 2002: greedy, until no single step can be removed). `keep` gets each smaller
 * world; `isOver` ends it early.
 */
export async function shrink(
  world: AttackWorld,
  holds: (world: AttackWorld) => Promise<boolean>,
  keep: (world: AttackWorld, what: string) => void,
  isOver: () => boolean,
): Promise<AttackWorld> {
  let best = world;
  for (let changed = true; changed; ) {
    changed = false;
    // A refused step is tried again only after another step succeeded.
    const tried = new Set<string>();
    for (let next = firstOf(best, tried); next !== undefined; next = firstOf(best, tried)) {
      if (isOver()) return best;
      tried.add(next.what);
      if (!(await holds(next.world))) continue;
      best = next.world;
      changed = true;
      keep(best, next.what);
    }
  }
  return best;
}

function firstOf(world: AttackWorld, tried: ReadonlySet<string>): Reduction | undefined {
  for (const reduction of reductions(world)) if (!tried.has(reduction.what)) return reduction;
  return undefined;
}

function* reductions(world: AttackWorld): Generator<Reduction> {
  yield* simplerTraffic(world);
  for (const steps of optionalPaths(world.document))
    yield { what: `without ${steps.join(".")}`, world: { ...world, document: withoutPath(world.document, steps) } };
  yield* shorter(world);
  yield* calmer(world);
  yield* simplerLaws(world);
  yield* rounder(world);
}

function* simplerTraffic(world: AttackWorld): Generator<Reduction> {
  const { shape } = world;
  if (shape === undefined) return;
  const { wave, surge, ratePerSecond } = shape;
  const as = (next: TrafficShape): AttackWorld => ({ ...world, shape: next });
  if (wave !== undefined) yield { what: "without the wave", world: as({ ratePerSecond, ...(surge && { surge }) }) };
  if (surge !== undefined) yield { what: "without the surge", world: as({ ratePerSecond, ...(wave && { wave }) }) };
  if (wave !== undefined && wave.phaseMs !== 0)
    yield { what: "wave without a phase", world: as({ ...shape, wave: { ...wave, phaseMs: 0 } }) };
}

/** Half the duration, then three quarters, in whole minutes; a surge is moved along. */
function* shorter(world: AttackWorld): Generator<Reduction> {
  const durationMs = durationAt(world.document, ["duration"]) ?? 0;
  for (const share of [0.25, 0.5, 0.75]) {
    const nextMs = Math.round((durationMs * share) / MINUTE_MS) * MINUTE_MS;
    const document = nextMs >= durationMs ? undefined : withDuration(world.document, nextMs);
    if (document === undefined) continue;
    const { surge } = world.shape ?? {};
    const atMs = surge && Math.floor((surge.atMs * share) / SURGE_STEP_MS) * SURGE_STEP_MS;
    const shape = surge && world.shape && { ...world.shape, surge: { ...surge, atMs: atMs ?? 0 } };
    yield { what: `duration ${durationText(nextMs)}`, world: { document, shape: shape ?? world.shape } };
  }
}

/** Less traffic, and lower peaks. */
function* calmer(world: AttackWorld): Generator<Reduction> {
  const { shape } = world;
  if (shape === undefined) return;
  const rate = Number((shape.ratePerSecond / 2).toPrecision(1));
  if (rate < shape.ratePerSecond)
    yield { what: `rate ${rate}`, world: { ...world, shape: { ...shape, ratePerSecond: rate } } };
  const { surge, wave } = shape;
  if (surge !== undefined && surge.height > 2) {
    const height = Math.max(2, Math.floor(surge.height / 2));
    yield { what: `surge ${height}`, world: { ...world, shape: { ...shape, surge: { ...surge, height } } } };
  }
  if (wave?.kind === "pulse" && wave.height > 2) {
    const height = Math.max(2, Math.floor(wave.height / 2));
    yield { what: `wave ${height}`, world: { ...world, shape: { ...shape, wave: { ...wave, height } } } };
  }
}

/** Laws with two parameters become one of a single parameter. */
function* simplerLaws(world: AttackWorld): Generator<Reduction> {
  for (const steps of pathsOf(world.document)) {
    const law = valueAt(world.document, steps) as Readonly<Record<string, unknown>>;
    if (law === null || typeof law !== "object" || typeof law.kind !== "string" || steps[0] === "policies") continue;
    const centre = law.mean ?? law.median;
    if (centre === undefined || law.kind === "constant") continue;
    const simple = [
      { kind: "constant", value: centre },
      { kind: "exponential", mean: centre },
    ];
    for (const next of simple.slice(0, law.kind === "exponential" ? 1 : 2))
      yield {
        what: `${steps.join(".")} ${next.kind}`,
        world: { ...world, document: withValue(world.document, steps, next) },
      };
  }
}

/** Rounds numbers with units to one significant digit, and rates in generated traffic. */
function* rounder(world: AttackWorld): Generator<Reduction> {
  for (const steps of pathsOf(world.document)) {
    if (isKept(steps)) continue;
    const next = roundedText(valueAt(world.document, steps));
    if (next === undefined) continue;
    yield {
      what: `${steps.join(".")} ${next}`,
      world: { ...world, document: withValue(world.document, steps, next) },
    };
  }
  const { shape } = world;
  if (shape === undefined) return;
  const ratePerSecond = Number(shape.ratePerSecond.toPrecision(1));
  if (ratePerSecond !== shape.ratePerSecond)
    yield { what: `rate rounded to ${ratePerSecond}`, world: { ...world, shape: { ...shape, ratePerSecond } } };
}

/** Undefined where it is no number with a unit, or is round already. */
function roundedText(value: unknown): string | number | undefined {
  if (typeof value === "number") {
    const next = Number(value.toPrecision(1));
    return Number.isFinite(value) && next !== value ? next : undefined;
  }
  if (typeof value !== "string") return undefined;
  const [, number, unit] = /^([\d.]+)\s*([a-zA-Z/]+)$/.exec(value) ?? [];
  if (unit === undefined || !["duration", "rate", "bytes", "bitrate"].some((one) => isQuantity(one, value)))
    return undefined;
  const next = Number(Number(number).toPrecision(1));
  return next === Number(number) ? undefined : `${next}${unit}`;
}

function isQuantity(dimension: string, text: string): boolean {
  return typeof parseQuantity(dimension as "duration", text) === "number";
}

/** Every path that may be removed, outer ones first: a whole section before its parts. */
function* optionalPaths(document: PlainDocument): Generator<Steps> {
  for (const steps of pathsOf(document)) {
    if (!isKept(steps) && !(steps[0] === "traffic" && steps.length === 1)) yield steps;
  }
}

/** The forecasters' history is a condition of the comparison, so it stays. */
function isKept(steps: Steps): boolean {
  return KEPT.has(String(steps[0])) || steps.join(".") === "traffic.history";
}

/** All paths of a document, those of few steps first. */
function pathsOf(document: PlainDocument): Steps[] {
  const found: Steps[] = [];
  const queue: Steps[] = [[]];
  for (let steps = queue.shift(); steps !== undefined; steps = queue.shift()) {
    const value = valueAt(document, steps);
    if (steps.length > 0) found.push(steps);
    if (value === null || typeof value !== "object") continue;
    const keys: (string | number)[] = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
    for (const key of keys) queue.push([...steps, key]);
  }
  return found;
}

function withoutPath(document: PlainDocument, steps: Steps): PlainDocument {
  const [last] = steps.slice(-1);
  const parent = valueAt(document, steps.slice(0, -1));
  const rest = Array.isArray(parent)
    ? parent.filter((_, i) => i !== last)
    : Object.fromEntries(Object.entries(parent as object).filter(([key]) => key !== last));
  return withValue(document, steps.slice(0, -1), rest);
}
