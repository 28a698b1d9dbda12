import { readFileSync } from "node:fs";
import type { PodGroup, PodState } from "../../../../src/control/policies/hpa-arithmetic.js";
import type { Behaviour, Direction, RatePolicy, Timed } from "../../../../src/control/policies/hpa-behaviour.js";
import { type Library, same, type Timeline } from "../timeline.js";

type WrittenRate = readonly [RatePolicy["type"], number, number];

interface Vectors {
  readonly hpaResource: { readonly cases: readonly ResourceCase[] };
  readonly hpaPodsMetric: {
    readonly cases: readonly { current: number; values: number[]; target: number; want: number }[];
  };
  readonly hpaExternalAverageValue: {
    readonly cases: readonly { current: number; total: number; targetPerReplica: number; want: number }[];
  };
  readonly hpaRate: { readonly cases: readonly RateCase[] };
  readonly hpaStabilise300s: {
    readonly cases: readonly { recommendations: [number, number][]; desired: number; want: number }[];
  };
  readonly kpa: { readonly cases: readonly KpaCase[] };
}

interface ResourceCase {
  readonly current: number;
  readonly pods: readonly (readonly [string, number | [number, number] | null])[];
  readonly targetPercent: number;
  readonly want: number;
}

interface RateCase {
  readonly rule?: "default";
  readonly up?: readonly WrittenRate[];
  readonly down?: readonly WrittenRate[];
  readonly current: number;
  readonly desired: number;
  readonly addedEvents?: readonly number[];
  readonly removedEvents?: readonly number[];
  readonly eventsPeriodS?: number;
  readonly want: number;
}

interface KpaCase {
  readonly target: number;
  readonly upRate?: number;
  readonly panicThreshold?: number;
  readonly scaleDownDelayS?: number;
  readonly steps: readonly (readonly [number, number, number, number, number])[];
}

/** Upstream's own cases; the file is a copy of the reference's. */
const vectors = JSON.parse(readFileSync(new URL("../vectors/policy-vectors.json", import.meta.url), "utf8")) as Vectors;

const tolerance = { up: 0.1, down: 0.1 };
const states: Readonly<Record<string, PodState>> = { r: "ready", u: "unready", m: "missing", p: "pending" };

export const vectorTimelines: readonly Timeline[] = [
  each("hpa resource vector", vectors.hpaResource.cases, (lib, one) =>
    lib.resourceReplicas(one.current, one.pods.map(podOf), one.targetPercent, tolerance),
  ),
  each("hpa pods metric vector", vectors.hpaPodsMetric.cases, (lib, one) => {
    const pods = one.values.map((usage): PodGroup => ({ state: "ready", count: 1, usage, request: 0 }));
    return lib.podsReplicas(one.current, pods, one.target, tolerance);
  }),
  each("hpa external AverageValue vector", vectors.hpaExternalAverageValue.cases, (lib, one) =>
    lib.externalAverageReplicas(one.current, one.total, one.targetPerReplica, tolerance),
  ),
  each("hpa rate vector", vectors.hpaRate.cases, rated),
  each("hpa stabilisation vector", vectors.hpaStabilise300s.cases, (lib, one) => {
    const past = one.recommendations.map(([count, atS]): Timed => ({ count, atMs: atS * 1000 }));
    // Upstream's case has 100 replicas going down; what counts is the largest of the window.
    return lib.stabilise(100, one.desired, past, 0, lib.defaultBehaviour);
  }),
  ...vectors.kpa.cases.map(
    (one, i): Timeline => ({ sentence: `kpa vector ${i + 1}`, check: (lib) => playKpa(lib, one) }),
  ),
].flat();

function each<C extends { readonly want: number }>(
  what: string,
  cases: readonly C[],
  decide: (lib: Library, one: C) => number | undefined,
): Timeline[] {
  return cases.map((one, i) => ({
    sentence: `${what} ${i + 1}`,
    check: (lib) => same(decide(lib, one), one.want, JSON.stringify(one)),
  }));
}

function podOf([state, value]: ResourceCase["pods"][number]): PodGroup {
  const [usage, request] = Array.isArray(value) ? value : [value ?? 0, 1000];
  return { state: states[state], count: 1, usage, request };
}

/** Changes at the middles of equal shares of the period before now. */
function spread(counts: readonly number[], periodMs: number): Timed[] {
  const share = periodMs / counts.length;
  return counts.map((count, i) => ({ count, atMs: -periodMs + (i + 0.5) * share }));
}

function rated(lib: Library, one: RateCase): number {
  const direction = (written: readonly WrittenRate[] | undefined, standard: Direction): Direction => ({
    ...standard,
    policies:
      written?.map(([type, value, periodS]) => ({ type, value, periodMs: periodS * 1000 })) ?? standard.policies,
  });
  const behaviour: Behaviour = {
    up: direction(one.up, lib.defaultBehaviour.up),
    down: direction(one.down, lib.defaultBehaviour.down),
  };
  const [, , periodS] = (one.up ?? one.down)?.[0] ?? ["Pods", 0, 15];
  const eventsMs = 1000 * (one.eventsPeriodS ?? periodS);
  const events = { added: spread(one.addedEvents ?? [], eventsMs), removed: spread(one.removedEvents ?? [], eventsMs) };
  return lib.limitRate(one.current, one.desired, events, 0, behaviour, one.rule === "default" ? 1 : 0, 1000);
}

function playKpa(lib: Library, one: KpaCase): void {
  const spec = {
    targetValue: one.target,
    totalValue: one.target,
    maxScaleUpRate: one.upRate ?? 10,
    maxScaleDownRate: 10,
    panicThreshold: one.panicThreshold ?? 2,
    stableWindowMs: 60_000,
    scaleDownDelayMs: 1000 * (one.scaleDownDelayS ?? 0),
    activationScale: 1,
    targetBurstCapacity: 211,
    reachable: true,
  };
  const scaler = new lib.KpaScaler(spec, 1, 0);
  for (const [nowS, ready, stable, panic, want] of one.steps)
    same(scaler.scale(stable, panic, ready, nowS * 1000).desired, want, `at ${nowS} s of ${JSON.stringify(one)}`);
}
