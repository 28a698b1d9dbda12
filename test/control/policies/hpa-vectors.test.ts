import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  externalAverageReplicas,
  type PodGroup,
  type PodState,
  podsReplicas,
  resourceReplicas,
} from "../../../src/control/policies/hpa-arithmetic.js";
import {
  type Direction,
  defaultBehaviour,
  limitRate,
  type RatePolicy,
  stabilise,
  type Timed,
} from "../../../src/control/policies/hpa-behaviour.js";

type Rule = readonly (readonly [RatePolicy["type"], number, number])[];
interface RateCase {
  readonly up?: Rule;
  readonly down?: Rule;
  readonly current: number;
  readonly desired: number;
  readonly addedEvents?: readonly number[];
  readonly removedEvents?: readonly number[];
  readonly eventsPeriodS?: number;
  readonly want: number;
}
interface Vectors {
  readonly hpaResource: {
    readonly cases: readonly {
      readonly current: number;
      readonly pods: readonly (readonly [string, number | readonly [number, number] | null])[];
      readonly targetPercent: number;
      readonly want: number;
    }[];
  };
  readonly hpaPodsMetric: {
    readonly cases: readonly { current: number; values: readonly number[]; target: number; want: number }[];
  };
  readonly hpaExternalAverageValue: {
    readonly cases: readonly { current: number; total: number; targetPerReplica: number; want: number }[];
  };
  readonly hpaRate: { readonly cases: readonly RateCase[] };
  readonly hpaStabilise300s: {
    readonly cases: readonly { recommendations: readonly [number, number][]; desired: number; want: number }[];
  };
}

/**
 * Facts of the upstream unit tests (kubernetes podautoscaler), carried over so that a clean clone
 * has them.
 */
const file = new URL("./vectors/policy-vectors.json", import.meta.url);
const vectors = JSON.parse(readFileSync(file, "utf8")) as Vectors;
const tolerance = { up: 0.1, down: 0.1 };
const states: Readonly<Record<string, PodState>> = { r: "ready", u: "unready", m: "missing", p: "pending" };

function podOf([state, sample]: readonly [string, number | readonly [number, number] | null]): PodGroup {
  const [usage, request] = sample === null ? [0, 1000] : typeof sample === "number" ? [sample, 1000] : sample;
  return { state: states[state], count: 1, usage, request };
}

/** Changes spread evenly over the period that ends at `nowMs`, each at the middle of its share. */
function spread(counts: readonly number[] | undefined, periodMs: number, nowMs: number): Timed[] {
  return (counts ?? []).map((count, i, all) => ({ count, atMs: nowMs - ((i + 0.5) * periodMs) / all.length }));
}

function direction(rule: Rule | undefined, standard: Direction): Direction {
  if (rule === undefined) return standard;
  return { ...standard, policies: rule.map(([type, value, seconds]) => ({ type, value, periodMs: seconds * 1000 })) };
}

describe("upstream's facts of the HPA", () => {
  it("are all there", () => {
    const { hpaResource, hpaPodsMetric, hpaExternalAverageValue, hpaRate, hpaStabilise300s } = vectors;
    const parts = [hpaResource, hpaPodsMetric, hpaExternalAverageValue, hpaRate, hpaStabilise300s];
    expect(parts.map(({ cases }) => cases.length)).toEqual([7, 2, 2, 5, 2]);
  });

  it.each(vectors.hpaResource.cases)("resource: $current pods at $targetPercent % → $want", (one) => {
    expect(resourceReplicas(one.current, one.pods.map(podOf), one.targetPercent, tolerance)).toBe(one.want);
  });

  it.each(vectors.hpaPodsMetric.cases)("pods: $values on $target → $want", ({ current, values, target, want }) => {
    const pods = values.map((value) => podOf(["r", value]));
    expect(podsReplicas(current, pods, target, tolerance)).toBe(want);
  });

  it.each(vectors.hpaExternalAverageValue.cases)("external: $total by $targetPerReplica → $want", (one) => {
    expect(externalAverageReplicas(one.current, one.total, one.targetPerReplica, tolerance)).toBe(one.want);
  });

  it.each(vectors.hpaRate.cases)("rate: from $current to $desired → $want", (one) => {
    const behaviour = {
      up: direction(one.up, defaultBehaviour.up),
      down: direction(one.down, defaultBehaviour.down),
    };
    const rule = one.up ?? one.down ?? [];
    const periodMs = (one.eventsPeriodS ?? rule[0]?.[2] ?? 15) * 1000;
    const nowMs = 1e6;
    const events = {
      added: spread(one.addedEvents, periodMs, nowMs),
      removed: spread(one.removedEvents, periodMs, nowMs),
    };
    expect(limitRate(one.current, one.desired, events, nowMs, behaviour, 1, 1000)).toBe(one.want);
  });

  it.each(vectors.hpaStabilise300s.cases)("stabilisation over 300 s: $desired → $want", (one) => {
    const nowMs = 1e6;
    const past = one.recommendations.map(([count, seconds]) => ({ count, atMs: nowMs + seconds * 1000 }));
    // Coming down from above every recommendation.
    expect(stabilise(100, one.desired, past, nowMs, defaultBehaviour)).toBe(one.want);
  });
});
