import { RandomStreams } from "../../../src/base/random.js";
import type { FleetObservation, Policy, PoolObservation } from "../../../src/ports/policy.js";
import type * as library from "./policy-library.js";

export type Library = typeof library;

/** A sentence of behaviour and how it is checked; `check` throws where it does not hold. */
export interface Timeline {
  readonly sentence: string;
  readonly check: (lib: Library) => void;
}

export function same(actual: unknown, expected: unknown, what: string): void {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== b) throw new Error(`${what}: got ${a}, expected ${b}`);
}

/**
 * The changes at one instant. Values left out stay the same, but `desired` follows the last
 * decision, and ready streamlets follow that unless `ready` or `spawning` is given.
 */
export interface Step {
  /** Seconds since the start. */
  readonly at: number;
  readonly ready?: number;
  readonly spawning?: number;
  readonly desired?: number;
  /** Open streams from the step before until this one. */
  readonly open?: number;
  readonly openDraining?: number;
  readonly waiting?: number;
  readonly arrivals?: number;
  readonly observedReady?: number;
  /** −Infinity = nothing scraped yet. */
  readonly observedAt?: number;
  readonly trigger?: FleetObservation["trigger"];
  readonly want?: number | "nothing";
  readonly why?: string;
}

export interface Stage {
  readonly slots?: number;
  readonly min?: number;
  readonly max?: number;
  /** The least that a decision comes to; `min` if left out. */
  readonly floor?: number;
  readonly ready?: number;
  /** How old metrics are, in seconds. */
  readonly lag?: number;
  readonly epochMs?: number;
  readonly history?: FleetObservation["history"];
  readonly holdingMeanMs?: number;
}

/** A kind with its default knobs but for those given. */
export function make(lib: Library, kind: string, knobs: Readonly<Record<string, unknown>>, stage: Stage = {}): Policy {
  const { slots = 10, min = 1, max = 100 } = stage;
  return lib.createBuiltInPolicy(kind, knobs, {
    pools: [{ name: "eu", region: "eu", slots, min, max }],
    tickMs: lib.policyKindSchemas[kind].tickMs,
    random: new RandomStreams(1, 0).named("policy"),
  });
}

/** Plays the steps and checks each wanted decision. */
export function play(policy: Policy, stage: Stage, steps: readonly Step[], reasons?: readonly string[]): void {
  const { slots = 10, min = 1, max = 100, floor = min, ready: first = min, lag = 0 } = stage;
  const state = {
    atMs: 0,
    ready: first,
    spawning: 0,
    desired: first,
    open: 0,
    openDraining: 0,
    waiting: 0,
    arrivals: 0,
  };
  let openStreamMs = 0;
  let waitingRequestMs = 0;
  let drainingStreamMs = 0;
  for (const step of steps) {
    const nowMs = step.at * 1000;
    if (step.desired !== undefined) state.desired = step.desired;
    state.ready = step.ready ?? (step.spawning === undefined ? state.desired : state.ready);
    state.spawning = step.spawning ?? 0;
    state.open = step.open ?? state.open;
    state.openDraining = step.openDraining ?? 0;
    state.waiting = step.waiting ?? state.waiting;
    state.arrivals = step.arrivals ?? state.arrivals;
    openStreamMs += (state.open + state.openDraining) * (nowMs - state.atMs);
    drainingStreamMs += state.openDraining * (nowMs - state.atMs);
    waitingRequestMs += state.waiting * (nowMs - state.atMs);
    state.atMs = nowMs;
    const pool: PoolObservation = {
      name: "eu",
      region: "eu",
      slots,
      min,
      max,
      ready: state.ready,
      spawning: state.spawning,
      draining: state.openDraining > 0 ? 1 : 0,
      parked: 0,
      desired: state.desired,
      observedAtMs: step.observedAt === undefined ? nowMs - lag * 1000 : step.observedAt * 1000,
      observedReady: step.observedReady ?? state.ready,
      open: state.open,
      openDraining: state.openDraining,
      waiting: state.waiting,
      arrivals: state.arrivals,
      openStreamMs,
      waitingRequestMs,
      drainingStreamMs,
    };
    const decision = policy.decide(observe(pool, nowMs, step, stage), nowMs)[0];
    const what = `at ${step.at} s (${JSON.stringify(step)}, decided ${JSON.stringify(decision)})`;
    if (step.want === "nothing") same(decision, undefined, what);
    else if (step.want !== undefined) same(decision?.desired, step.want, what);
    if (step.why !== undefined) same(decision?.reason, step.why, what);
    if (decision !== undefined && reasons !== undefined && !reasons.includes(decision.reason))
      throw new Error(`${what}: "${decision.reason}" is not among the reasons`);
    if (decision !== undefined) state.desired = Math.min(Math.max(Math.ceil(decision.desired), floor), max);
  }
}

function observe(pool: PoolObservation, nowMs: number, step: Step, stage: Stage): FleetObservation {
  const holdingMs = stage.holdingMeanMs ?? 600_000;
  return {
    nowMs,
    trigger: step.trigger ?? (step.at === 0 ? "start" : "tick"),
    triggerPool: step.trigger === "no-free-slot" ? 0 : -1,
    pools: [pool],
    history: stage.history ?? {
      binMs: 300_000,
      originMs: 0,
      epochMs: stage.epochMs ?? 0,
      length: 0,
      at: () => Number.NaN,
    },
    holding: {
      meanMs: holdingMs,
      survival: (ageMs) => Math.exp(-ageMs / holdingMs),
      integratedSurvivalMs: (ms) => holdingMs * (1 - Math.exp(-ms / holdingMs)),
      survivors: (_, aheadMs) => (pool.open + pool.openDraining) * Math.exp(-aheadMs / holdingMs),
    },
    spawn: { quantileMs: () => Number.NaN },
    warmStart: { quantileMs: () => Number.NaN },
  };
}

/** The same step at each multiple of `every` in (from, until], the last with what is wanted. */
export function hold(from: number, until: number, every: number, step: Omit<Step, "at">): Step[] {
  const { want, why, ...rest } = step;
  const steps: Step[] = [];
  for (let at = from + every; at <= until; at += every)
    steps.push({
      at,
      ...rest,
      ...(at + every > until ? { ...(want === undefined ? {} : { want }), ...(why === undefined ? {} : { why }) } : {}),
    });
  return steps;
}

/** A timeline of one policy: its knobs, its stage, its steps. */
export function timeline(
  sentence: string,
  kind: string,
  knobs: Readonly<Record<string, unknown>>,
  stage: Stage,
  steps: readonly Step[],
): Timeline {
  return {
    sentence: `${kind} ${sentence}`,
    check: (lib) => play(make(lib, kind, knobs, stage), stage, steps, lib.builtInPolicies.get(kind)?.reasons),
  };
}
