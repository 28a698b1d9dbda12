import { describe, expect, it } from "vitest";
import { LogHistogram } from "../../../src/base/histogram.js";
import { flowControls } from "../../../src/experiment/validate/flow-controls.js";
import {
  littleRatio,
  metric,
  openStreamsWave,
  secondsOf,
  waitTail,
} from "../../../src/experiment/validate/measures.js";
import type { RunResult } from "../../../src/world/run-result.js";
import { simulate } from "../../../src/world/simulate.js";
import { noUserModules } from "../../../src/world/user-modules.js";
import { ordinaryScenario } from "../../world/ordinary-scenario.js";

const scenario = ordinaryScenario({ durationMs: 100_000, warmupMs: 0 });
const plain = simulate(scenario, scenario.policies[0], 0, noUserModules);
const length = { replications: 1, windowS: 100, warmupS: 0 };

describe("measures", () => {
  it("read metrics, ms as seconds, and stop at a metric that is not there", () => {
    const run = { ...plain, metrics: { ...plain.metrics, responseMsMean: 1500 } };
    expect(secondsOf("responseMsMean")(run, length)).toBe(1.5);
    expect(metric("arrivals")(run, length)).toBe(plain.metrics.arrivals);
    expect(() => metric("nonsense")(run, length)).toThrow(/no nonsense/);
  });

  it("count the tail exactly at a power of two", () => {
    const histogram = new LogHistogram();
    for (const wait of [0, 0, 100, 1023.9, 1024, 1025, 5000]) histogram.record(wait);
    const run = { ...plain, startLatency: histogram.buckets() };
    expect(waitTail(1024)(run, length)).toBeCloseTo(3 / 7, 14);
    expect(waitTail(64)(run, length)).toBeCloseTo(5 / 7, 14);
  });

  it("put L, λ and W in the same units", () => {
    // 900 arrivals in 100 s that wait 500 ms each: 4.5 wait on average.
    const metrics = { ...plain.metrics, arrivals: 900, startLatencyMsMean: 500, waitingMean: 4.5 };
    expect(littleRatio("waitingMean", "startLatencyMsMean")({ ...plain, metrics }, length)).toBeCloseTo(1, 14);
  });

  it("find lag and amplitude of a wave through the means of wide bins", () => {
    const gamma = (2 * Math.PI) / 240;
    const binS = 30;
    // ∫ of 50·(1 + 0.3·sin γ(t − 17)) over each bin, in closed form.
    const open = Float64Array.from({ length: 24 }, (_, i) => {
      const [from, to] = [i * binS - 17, (i + 1) * binS - 17];
      return 50 * (1 + (0.3 * (Math.cos(gamma * from) - Math.cos(gamma * to))) / (gamma * binS));
    });
    open.fill(999, 0, 8);
    const run: RunResult = { ...plain, timeline: { ...plain.timeline, binMs: binS * 1000, open } };
    const wave = openStreamsWave(run, 240, 240);
    expect(wave.lagS).toBeCloseTo(17, 8);
    expect(wave.amplitude).toBeCloseTo(0.3, 10);
  });
});

describe("flow controls", () => {
  it("are 0 for a run whose input follows its law exactly, with and without losses", () => {
    const flow = { arrivalsPerSecond: 9, load: 9, windowS: 100 };
    const metrics = { arrivals: 900, openStreamsMean: 9, rejectedRatio: 0, abandonedRatio: 0 };
    const lossy = { arrivals: 900, openStreamsMean: 9 * 0.7, rejectedRatio: 0.1, abandonedRatio: 0.2 };
    for (const control of flowControls([{ metrics }, { metrics: lossy }], flow)) {
      for (const value of control) expect(value).toBeCloseTo(0, 12);
    }
  });

  it("have mean 0 in real runs, for a queue and for a loss system", () => {
    for (const waitingRoom of [0, Number.POSITIVE_INFINITY]) {
      const busy = ordinaryScenario({ durationMs: 250_000, warmupMs: 50_000, gateway: { waitingRoom } });
      const runs = Array.from({ length: 60 }, (_, r) => simulate(busy, busy.policies[0], r, noUserModules));
      for (const values of flowControls(runs, { arrivalsPerSecond: 9, load: 9, windowS: 200 })) {
        const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
        const error = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) * (x - mean), 0) / (60 * 59));
        // Four standard errors: once in 16,000 seeds, and this seed is fixed.
        expect(Math.abs(mean)).toBeLessThan(4 * error);
      }
    }
  });
});
