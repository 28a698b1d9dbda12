import { describe, expect, it } from "vitest";
import {
  byBeta,
  byUtilisation,
  plannedUtilisation,
  withKnobs,
} from "../../../../src/control/policies/kinds/aggressiveness.js";
import type { Knobs } from "../../../../src/control/policies/kinds/knob.js";
import { builtInPolicies } from "../../../../src/control/policies/registry.js";

/** The knobs of a kind at a value of its knob of aggressiveness; `slots` of one streamlet: 8. */
function at(kind: string, value: number, knobs: Knobs = {}): Knobs | undefined {
  return builtInPolicies.get(kind)?.aggressiveness(knobs).apply(knobs, value, 8);
}

describe("changed knobs", () => {
  it("replace those of the same name, and others that would set the same quantity", () => {
    expect(withKnobs({ a: 1, b: 2 }, { b: 3, c: 4 })).toEqual({ a: 1, b: 3, c: 4 });
    expect(withKnobs({ a: 1, b: 2 }, { c: 4 }, ["a"])).toEqual({ b: 2, c: 4 });
  });

  it("are a utilisation, or β", () => {
    const { knob, apply } = byUtilisation(["metrics"])();
    expect([knob, byBeta.knob]).toEqual(["targetUtilisation", "beta"]);
    expect(apply({ metrics: [], tolerance: 0.1 }, 0.8, 8)).toEqual({ tolerance: 0.1, targetUtilisation: 0.8 });
    expect(byUtilisation()().apply({ metrics: [] }, 0.8, 8)).toEqual({ metrics: [], targetUtilisation: 0.8 });
    expect(byBeta.apply({ beta: 1, headroom: 0.1 }, 2, 8)).toEqual({ beta: 2, headroom: 0.1 });
    expect(plannedUtilisation(["metrics"])).toMatchObject({ key: "targetUtilisation", unless: ["metrics"] });
    expect(plannedUtilisation().unless).toEqual([]);
  });
});

describe("the knob of aggressiveness", () => {
  it("of the Kubernetes policies replaces every other target", () => {
    for (const kind of ["hpa", "phpa"])
      expect(at(kind, 0.6, { targetOpenStreams: 5, metrics: [], tolerance: 0.2 })).toEqual({
        targetUtilisation: 0.6,
        tolerance: 0.2,
      });
  });

  it("of KEDA is a threshold on demand: a share of the slots", () => {
    expect(at("keda", 0.5, { triggers: [{ type: "resource" }], pollingInterval: 5000 })).toEqual({
      pollingInterval: 5000,
      triggers: [{ metric: "demand", threshold: 4 }],
    });
  });

  it("of a step policy moves both alarms, as far apart as 0.7 and 0.5, and leaves their steps", () => {
    const steps = [{ lower: 0, adjustment: 5 }];
    const moved = at("aws-step", 0.84, { stepOut: { threshold: 0.7, steps }, stepIn: { datapoints: 3 } });
    expect(moved?.stepOut).toEqual({ threshold: 0.84, steps });
    expect(moved?.stepIn).toEqual({ threshold: expect.closeTo(0.6, 12), datapoints: 3 });
  });

  it("of Jitsi moves both thresholds in the proportion of 0.8 to 0.3", () => {
    expect(at("jitsi", 0.64, { gracePeriod: 1000 })).toEqual({
      scaleUpThreshold: 0.64,
      scaleDownThreshold: expect.closeTo(0.24, 12),
      gracePeriod: 1000,
    });
  });

  it("of a fixed count and of a schedule multiplies what is written, rounded up", () => {
    expect(at("static", 0.7, { count: 9 })).toEqual({ count: 7 });
    const entries = [
      { cron: "0 8 * * *", count: 9 },
      { cron: "0 20 * * *", count: 3 },
    ];
    const times = {
      entries: [
        { cron: "0 8 * * *", count: 14 },
        { cron: "0 20 * * *", count: 5 },
      ],
    };
    expect(at("schedule", 1.5, { entries })).toEqual(times);
    expect(at("schedule", 1.5, { entries, otherwise: 1 })).toEqual({ ...times, otherwise: 2 });
  });

  it("of the on-demand policy is its idle time-out, in minutes", () => {
    expect(at("on-demand", 0.5)).toEqual({ idleTimeout: { kind: "constant", value: 30_000 } });
  });

  it("of a predictive policy is the risk, with 4 % of headroom per decade below 3 in 100,000", () => {
    expect(at("predictive", 0.01, { violationPrice: 4, headroom: 0.02 })).toEqual({ quantile: 0.99, headroom: 0.02 });
    expect(at("predictive", 3e-5)).toEqual({ quantile: 1 - 3e-5 });
    // 30 and 3 million times less: log10(30) = 1.4771 decades, and 6.4771.
    expect(at("predictive", 1e-6, { violationPrice: 4 })).toEqual({ quantile: 1 - 1e-6, headroom: 0.0591 });
    expect(at("predictive", 1e-11)).toEqual({ quantile: 1 - 1e-11, headroom: 0.2591 });
  });

  it("of a predictive policy with β is β", () => {
    expect(at("predictive", 3, { beta: 1, quantile: 0.9 })).toEqual({ beta: 3, quantile: 0.9 });
  });

  it("is named in tables by the knob, or the quantity that it sets", () => {
    const names = [...builtInPolicies].map(([kind, { aggressiveness }]) => [kind, aggressiveness({}).knob]);
    expect(Object.fromEntries(names)).toEqual({
      static: "count ×",
      schedule: "counts ×",
      "on-demand": "idleTimeout (min)",
      hpa: "targetUtilisation",
      kpa: "targetUtilisation",
      keda: "threshold ÷ slots",
      "aws-target-tracking": "targetUtilisation",
      "aws-step": "scale-out threshold",
      "aws-predictive": "targetUtilisation",
      phpa: "targetUtilisation",
      jitsi: "scaleUpThreshold",
      "square-root": "beta",
      "last-value": "1 − quantile",
      "seasonal-naive": "1 − quantile",
      predictive: "1 − quantile",
      hybrid: "1 − quantile",
    });
  });

  it("has values from least to most capacity", () => {
    /** Kinds whose knob rises with capacity; with the others capacity rises as the knob falls. */
    const rising = new Set(["static", "schedule", "on-demand", "square-root"]);
    for (const [kind, { aggressiveness }] of builtInPolicies) {
      const { grid } = aggressiveness({});
      expect(grid.length, kind).toBeGreaterThanOrEqual(8);
      expect(
        [...grid].sort((a, b) => (rising.has(kind) ? a - b : b - a)),
        kind,
      ).toEqual(grid);
    }
  });
});

describe("the order of a knob", () => {
  it("is the direction in which a larger value buys capacity", () => {
    const ordered = (order: "rising" | "falling") =>
      [...builtInPolicies].flatMap(([kind, { knobs }]) =>
        Object.entries(knobs).flatMap(([key, knob]) => (knob.order === order ? [`${kind}.${key}`] : [])),
      );
    const predictive = ["quantile", "violationPrice", "beta", "headroom", "drainDelay"];
    expect(ordered("rising")).toEqual([
      "static.count",
      "schedule.otherwise",
      "on-demand.idleTimeout",
      "square-root.beta",
      ...["last-value", "seasonal-naive", "predictive", "hybrid"].flatMap((kind) =>
        predictive.map((key) => `${kind}.${key}`),
      ),
    ]);
    expect(ordered("falling")).toEqual([
      "hpa.targetUtilisation",
      "hpa.targetOpenStreams",
      "kpa.targetUtilisation",
      "aws-target-tracking.targetUtilisation",
      "aws-predictive.targetUtilisation",
      "phpa.targetUtilisation",
      "phpa.targetOpenStreams",
      "jitsi.scaleUpThreshold",
    ]);
  });
});

describe("the knob that a plan chooses", () => {
  it("is one of the kind, with values from least to most capacity by its order", () => {
    for (const [kind, { planned, knobs }] of builtInPolicies) {
      if (planned === undefined || planned.values === "counts") continue;
      const numbers = planned.values.filter((value) => typeof value === "number");
      const sign = knobs[planned.key].order === "falling" ? -1 : 1;
      expect(knobs[planned.key].order, kind).toBeDefined();
      expect(
        [...numbers].sort((a, b) => sign * (a - b)),
        kind,
      ).toEqual(numbers);
      expect(planned.values.length, kind).toBeGreaterThanOrEqual(8);
    }
  });

  it("gives way to knobs of the kind that set the same quantity", () => {
    const planned = [...builtInPolicies].flatMap(([kind, { planned: one, knobs }]) => {
      for (const key of one?.unless ?? []) expect(Object.keys(knobs), kind).toContain(key);
      return one === undefined ? [] : [[kind, [one.key, ...one.unless]] as const];
    });
    expect(Object.fromEntries(planned)).toEqual({
      static: ["count"],
      "on-demand": ["idleTimeout"],
      hpa: ["targetUtilisation", "metrics", "targetOpenStreams"],
      kpa: ["targetUtilisation"],
      "aws-target-tracking": ["targetUtilisation"],
      "aws-predictive": ["targetUtilisation"],
      phpa: ["targetUtilisation", "metrics", "targetOpenStreams"],
      "square-root": ["beta"],
      "last-value": ["quantile", "beta", "violationPrice"],
      "seasonal-naive": ["quantile", "beta", "violationPrice"],
      predictive: ["quantile", "beta", "violationPrice"],
      hybrid: ["quantile", "beta", "violationPrice"],
    });
  });

  it("of the on-demand policy has durations as they are written", () => {
    expect(builtInPolicies.get("on-demand")?.planned?.values).toContain("30s");
    for (const value of builtInPolicies.get("on-demand")?.planned?.values ?? [])
      expect(value).toMatch(/^\d+(s|min|h)$/);
  });
});
