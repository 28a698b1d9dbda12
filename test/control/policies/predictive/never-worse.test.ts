import { describe, expect, it } from "vitest";
import { constantLaw, lognormalByMean } from "../../../../src/base/distribution.js";
import { RandomStream } from "../../../../src/base/random.js";
import { defaultPredictiveKnobs } from "../../../../src/control/policies/predictive/knobs.js";
import { createPredictive } from "../../../../src/control/policies/predictive/predictive.js";
import { settingOf } from "../../../../src/experiment/frontier/frontier.js";
import {
  costAtViolation,
  type MatchedEstimate,
  relativeDifference,
  type Setting,
} from "../../../../src/experiment/frontier/matched.js";
import type { Forecaster } from "../../../../src/ports/forecaster.js";
import type { CreatePolicy } from "../../../../src/ports/policy.js";
import type { PolicySpec } from "../../../../src/world/scenario/policy-spec.js";
import type { Scenario } from "../../../../src/world/scenario/scenario.js";
import type { SourceSpec } from "../../../../src/world/scenario/sections/traffic.js";
import { simulate } from "../../../../src/world/simulate.js";
import { noUserModules } from "../../../../src/world/user-modules.js";
import { ordinaryScenario, policySpec } from "../../../world/ordinary-scenario.js";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const REPLICATIONS = 4;
const RATE = 1;

/**
 * 600 open streams in the mean on eight-slot streamlets that take half a minute to spawn; ten hours
 * are judged.
 */
function world(source: SourceSpec): Scenario {
  const ordinary = ordinaryScenario();
  return ordinaryScenario({
    durationMs: 12 * HOUR_MS,
    warmupMs: 2 * HOUR_MS,
    traffic: { ...ordinary.traffic, source, historyMs: 48 * HOUR_MS },
    streams: {
      ...ordinary.streams,
      holding: lognormalByMean(10 * MINUTE_MS, 1.5),
      patience: constantLaw(10_000),
    },
    fleet: {
      ...ordinary.fleet,
      classes: [{ ...ordinary.fleet.classes[0], slots: 8, spawn: { law: constantLaw(30_000), contention: 0 } }],
    },
    balancer: { kind: "packing", knobs: {} },
    slo: {
      startLatency: { probability: 0.99, boundMs: 200 },
      rejectedRatio: 0.01,
      abandonedRatio: 0.01,
      interruptedRatio: undefined,
      days: 0.95,
    },
  });
}

const lazily = { scaleIn: { victims: "emptiest", undrain: true, lazy: true }, tickMs: 5_000, min: 2 } as const;

function sweep(
  scenario: Scenario,
  make: (value: number) => PolicySpec,
  values: readonly number[],
  create?: CreatePolicy,
): Setting[] {
  const modules = create === undefined ? noUserModules : { ...noUserModules, policies: new Map([["module", create]]) };
  return values.map((value) => {
    const runs = Array.from({ length: REPLICATIONS }, (_, replication) => {
      const { sums, metrics, events } = simulate(scenario, make(value), replication, modules);
      return { sums, metrics, events, wallMs: 0 };
    });
    return settingOf(scenario, value, runs);
  });
}

const squareRoots = new Map<Scenario, readonly Setting[]>();

/** Square-root staffing on a world, simulated once. */
function squareRootOn(scenario: Scenario): readonly Setting[] {
  const known =
    squareRoots.get(scenario) ??
    sweep(scenario, (beta) => policySpec("square-root", { beta }, lazily), [0.6, 1, 1.5, 2.2]);
  squareRoots.set(scenario, known);
  return known;
}

/**
 * Cost of the predictive policy above square-root staffing at 2 % violating minutes, as a share.
 */
function excess(scenario: Scenario, create?: CreatePolicy): MatchedEstimate {
  const kind = create === undefined ? "predictive" : "module";
  const predictive = sweep(scenario, (quantile) => policySpec(kind, { quantile }, lazily), [0.93, 0.98, 0.995], create);
  const [base, candidate] = [squareRootOn(scenario), predictive].map((settings) => costAtViolation(settings, 0.02));
  const found = base && candidate && relativeDifference(candidate, base);
  expect(found).toBeDefined();
  return found as MatchedEstimate;
}

function expectNotWorse({ value, halfWidth }: MatchedEstimate): void {
  expect(value - (halfWidth ?? 0)).toBeLessThan(0.001);
  expect(value).toBeLessThan(0.015);
}

/**
 * A forecaster that returns anything between nothing and fifty times the rate, anew at each bin.
 */
function garbageForecaster(): Forecaster {
  const random = new RandomStream("garbage");
  return {
    name: "garbage",
    fit: () => undefined,
    update: () => undefined,
    forecast: (bins, levels = []) => ({
      mean: Float64Array.from({ length: bins }, () => 50 * RATE * 300 * random.uniform()),
      levels,
      quantiles: levels.map(() => new Float64Array(bins)),
    }),
  };
}

const whiteNoise = world({ kind: "poisson", ratePerSecond: RATE });

describe("the predictive policy against square-root staffing for the present load", () => {
  it("does not cost significantly more at the same violations on white noise", { timeout: 300_000 }, () => {
    expectNotWorse(excess(whiteNoise));
  });

  it("does not cost significantly more when a flash crowd comes that no history announces", {
    timeout: 300_000,
  }, () => {
    // Four times the rate from one minute to the next, for half an hour, in the fifth hour; and
    // again in the ninth.
    const bins = (48 + 12) * 60;
    const expected = new Float64Array(bins).fill(RATE * 60);
    for (const hour of [5, 9]) expected.fill(4 * RATE * 60, (48 + hour) * 60, (48 + hour) * 60 + 30);
    const trace = { kind: "trace", file: "flash", originMs: -48 * HOUR_MS, binMs: MINUTE_MS, expected } as const;
    expectNotWorse(excess(world({ ...trace, shares: undefined, exact: false, interpolated: 0, scale: 1 })));
  });

  it("does not cost significantly more with a forecaster that is fed garbage", { timeout: 300_000 }, () => {
    const create: CreatePolicy = (knobs, context) =>
      createPredictive({ ...defaultPredictiveKnobs, ...knobs, forecaster: garbageForecaster }, context);
    expectNotWorse(excess(whiteNoise, create));
  });
});
