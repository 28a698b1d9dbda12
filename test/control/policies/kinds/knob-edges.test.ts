import { describe, expect, it } from "vitest";
import type { Knobs } from "../../../../src/control/policies/kinds/knob.js";
import { policySchema } from "../../../../src/world/scenario/schema/policies/entry.js";
import { policyKindSchemas } from "../../../../src/world/scenario/schema/policies/kinds.js";

function isTaken(kind: string, knobs: Knobs): boolean {
  return policySchema(kind, policyKindSchemas[kind]).safeParse({ kind, ...knobs }).success;
}

/** Per kind: knobs that it takes, and knobs that it refuses. */
const edges: readonly (readonly [kind: string, taken: readonly Knobs[], refused: readonly Knobs[]])[] = [
  [
    "static",
    [
      { count: 0 },
      ...["emptiest", "newest", "oldest", "random"].map((victims) => ({ count: 1, scaleIn: { victims } })),
    ],
    [{ count: 1, scaleIn: { victims: "fullest" } }, { count: -1 }, { count: 1.5 }, {}],
  ],
  [
    "schedule",
    [{ entries: [{ cron: "0 8 * * *", count: 0 }], otherwise: 3, utcOffset: "+02:00" }],
    [{ entries: [] }, { entries: [{ count: 3 }] }, { entries: [{ cron: "0 8 * * *" }] }, { utcOffset: "2h" }],
  ],
  [
    "on-demand",
    [{ idleTimeout: "5min", cancelSurplus: false, spawnsAtOnce: 1 }, { idleTimeout: "infinite" }],
    [{ spawnsAtOnce: 0 }, { cancelSurplus: 1 }, { idleTimeout: "soon" }],
  ],
  [
    "hpa",
    [
      { targetUtilisation: 10, tolerance: 0, manifest: "./hpa.yaml", metricNames: { rps: "arrivals-per-second" } },
      { targetOpenStreams: 6, cpuInitializationPeriod: "5min", metricsResolution: "15s" },
      { scaleUp: { select: "Disabled", tolerance: 0, stabilisationWindow: "1min" } },
      { scaleUp: { select: "Max" }, scaleDown: { select: "Min" } },
      { scaleDown: { policies: [{ type: "Pods", value: 1, period: "1min" }] } },
      { scaleDown: { policies: [{ type: "Percent", value: 10, period: "1min" }] } },
    ],
    [
      { targetUtilisation: 0 },
      { targetUtilisation: 10.1 },
      { targetOpenStreams: 0 },
      { tolerance: -0.1 },
      { scaleUp: { tolerance: -0.1 } },
      { scaleDown: { policies: [{ type: "Pods", value: 1 }] } },
      { metrics: [{ targetUtilisation: 0.7 }] },
      { metrics: [{ type: "resource", targetUtilisation: 0 }] },
      { metrics: [{ type: "external", metric: "demand", value: 0 }] },
      { metrics: [{ type: "external", metric: "cpu", value: 1 }] },
      { metrics: [] },
      { manifest: "" },
      // A ready streamlet never becomes unready: the knob would be ignored.
      { initialReadinessDelay: "30s" },
      { metricNames: { rps: "other" } },
    ],
  ],
  [
    "kpa",
    [
      { concurrencyTarget: 0.01, targetUtilisation: 1, targetBurstCapacity: -1, stableWindow: "1min" },
      { panicWindowPercentage: 1, panicThresholdPercentage: 110, maxScaleUpRate: 1.1, maxScaleDownRate: 1.1 },
      { panicWindowPercentage: 100, panicThresholdPercentage: 1000, activationScale: 1, scaleDownDelay: "0s" },
      { scaleToZeroGracePeriod: "0s" },
    ],
    [
      { concurrencyTarget: 0 },
      { targetUtilisation: 0 },
      { targetUtilisation: 1.1 },
      { targetBurstCapacity: -2 },
      { panicWindowPercentage: 0.5 },
      { panicWindowPercentage: 101 },
      { panicThresholdPercentage: 109 },
      { panicThresholdPercentage: 1001 },
      { maxScaleUpRate: 1 },
      { maxScaleDownRate: 1 },
      { activationScale: 0 },
    ],
  ],
  [
    "keda",
    [
      { triggers: [{ metric: "demand" }], pollingInterval: "30s", cooldownPeriod: "0s", initialCooldownPeriod: "0s" },
      { triggers: [{ type: "metric", name: "a", metric: "demand", threshold: 1, activationThreshold: 0 }] },
      {
        triggers: [
          { metric: "demand", metricType: "Value" },
          { metric: "demand", metricType: "AverageValue" },
        ],
      },
      { triggers: [{ type: "resource", targetUtilisation: 10 }], idleReplicaCount: 0 },
      { scalingModifiers: { formula: "1", target: 3, activationTarget: 0, metricType: "Value" } },
      { scaleUp: { select: "Max" }, manifest: "./keda.yaml" },
    ],
    [
      { triggers: [] },
      { triggers: [{ metric: "demand", threshold: 0 }] },
      { triggers: [{ metric: "demand", activationThreshold: -1 }] },
      { triggers: [{ type: "resource", targetUtilisation: 0 }] },
      { triggers: [{ type: "resource", targetUtilisation: 10.1 }] },
      { triggers: [{ type: "cron" }] },
      { scalingModifiers: { formula: "1", target: 0 } },
      { scalingModifiers: { formula: "1", target: 1, activationTarget: -1 } },
      { scalingModifiers: { target: 1 } },
      { pollingInterval: "0s" },
    ],
  ],
  [
    "aws-target-tracking",
    [
      { targetUtilisation: 10, scaleOutDatapoints: 1, scaleInDatapoints: 1, scaleInMargin: 0, disableScaleIn: true },
      { scaleOutCooldown: "0s", scaleInCooldown: "0s" },
    ],
    [{ targetUtilisation: 10.1 }, { scaleInMargin: -0.1 }, { scaleInMargin: 1 }, { scaleInDatapoints: 0 }],
  ],
  [
    "aws-step",
    [
      { stepOut: { adjustmentType: "ChangeInCapacity", minAdjustmentMagnitude: 1, datapoints: 1, cooldown: "0s" } },
      { stepIn: { adjustmentType: "PercentChangeInCapacity", steps: [{ upper: 0, adjustment: -1 }] } },
      { stepIn: { adjustmentType: "ExactCapacity", threshold: 10 } },
    ],
    [
      { stepOut: { threshold: 0 } },
      { stepOut: { threshold: 10.1 } },
      { stepOut: { steps: [] } },
      { stepOut: { steps: [{ lower: 0 }] } },
      { stepOut: { steps: [{ lower: 0, adjustment: 1.5 }] } },
      { stepOut: { other: 1 } },
    ],
  ],
  [
    "aws-predictive",
    [
      { targetUtilisation: 10, dynamic: "target-tracking", schedulingBufferTime: "0s", minHistory: "0s" },
      { dynamic: "none", maxHistory: "1h", forecastHorizon: "1h", refresh: "1h" },
    ],
    [{ targetUtilisation: 0 }, { dynamic: "step" }, { maxHistory: "0s" }, { forecastHorizon: "0s" }, { refresh: "0s" }],
  ],
  [
    "phpa",
    [
      { models: [{ type: "linear", perSyncPeriod: 1, historySize: 100_000, lookAhead: "0s" }] },
      { models: [{ type: "holt-winters", alpha: 0, beta: 1, gamma: 0.5, seasonalPeriods: 2, storedSeasons: 1000 }] },
      { models: [{ type: "holt-winters", seasonal: "additive" }], decision: "maximum" },
      { models: [{ type: "holt-winters", seasonal: "multiplicative", perSyncPeriod: 2 }], decision: "minimum" },
      { decision: "mean" },
      { decision: "median", tolerance: 0.2, targetUtilisation: 0.7 },
    ],
    [
      { models: [] },
      { models: [{ type: "linear", historySize: 100_001 }] },
      { models: [{ type: "linear", historySize: 0 }] },
      { models: [{ type: "linear", historySize: 1.5 }] },
      { models: [{ type: "linear", alpha: 0.5 }] },
      { models: [{ type: "holt-winters", storedSeasons: 1001 }] },
      { models: [{ type: "holt-winters", seasonalPeriods: 1 }] },
      { models: [{ type: "holt-winters", seasonalPeriods: 2.5 }] },
      { models: [{ type: "holt-winters", alpha: 1.1 }] },
      { models: [{ historySize: 4 }] },
      { manifest: "./hpa.yaml" },
    ],
  ],
  [
    "jitsi",
    [{ scaleUpThreshold: 1, scaleDownThreshold: 0, scaleUpPeriodsCount: 10_000, scaleDownPeriodsCount: 1 }],
    [
      { scaleUpThreshold: 1.1 },
      { scaleUpPeriodsCount: 0 },
      { scaleUpPeriodsCount: 10_001 },
      { scaleDownPeriodsCount: 1.5 },
    ],
  ],
  ["square-root", [{ beta: 0 }, { beta: 1000 }], [{ beta: -1 }, { beta: 1001 }]],
  [
    "predictive",
    [
      { quantile: 0.5, violationPrice: 1, beta: 0, headroom: 0, horizon: "1min", safetyNet: false },
      { forecaster: "trained", challengers: ["lstm"], sharing: false, survival: false, warmPool: true },
      { drainDelay: "0s" },
    ],
    [
      { quantile: 0 },
      { quantile: 1 },
      { violationPrice: 0 },
      { beta: -1 },
      { headroom: -1 },
      { forecaster: "best" },
      { challengers: ["best"] },
      { reactive: { kind: "hpa" } },
    ],
  ],
  ["last-value", [{ quantile: 0.5, sharing: true }], [{ forecaster: "trained" }, { challengers: [] }]],
  [
    "hybrid",
    [{ quantile: 0.5, reactive: { kind: "hpa" } }, { forecaster: "none" }],
    [{ reactive: { kind: "hybrid" } }],
  ],
];

describe("the knobs of a kind", () => {
  it.each(edges)("%s are refused beyond their edges, and taken at them", (kind, taken, refused) => {
    expect(taken.filter((knobs) => !isTaken(kind, knobs))).toEqual([]);
    expect(refused.filter((knobs) => isTaken(kind, knobs))).toEqual([]);
  });
});
