import { describe, expect, it } from "vitest";
import { readQuestion } from "../../../src/experiment/plan/question.js";
import { simulate } from "../../../src/world/simulate.js";
import { noUserModules } from "../../../src/world/user-modules.js";
import { scenarioFile } from "./small-worlds.js";

/** Ten hosts of eight slots for some 30 streams of one minute each; a part of them is reclaimed. */
async function dayWith(spot: string) {
  const { scenario, whatIf } = await readQuestion(
    scenarioFile([
      "duration: 60min",
      "warmup: 10min",
      "traffic: {source: sinusoid, rate: 30/min, amplitude: 0.5, period: 2h}",
      "streams: {holding: 1min, patience: 10s}",
      "fleet: {regions: [{name: eu, hosts: 10, cpu: 2}], streamlet: {slots: 4, cpu: 1, spawn: 5s}, max: 20}",
      "policies: [{kind: static, count: 20}]",
      "slo: {startLatencyP95: 500ms}",
      "cost: {hostHour: 0.1}",
      `plan: {variables: {fleet.regions.eu.hosts: [10]}, prices: {spot: ${spot}}}`,
    ]),
  );
  const [failure] = whatIf;
  const world = failure.apply(scenario);
  return { name: failure.name, run: simulate(world, world.policies[0], 0, noUserModules) };
}

describe("spot hosts that are taken back together", () => {
  it("cut no stream where the notice is longer than a stream, and cut those open where there is none", async () => {
    const long = await dayWith("{hostHour: 0.05, share: 0.5, notice: 2min}");
    expect(long.name).toBe("50 % of all hosts reclaimed at 2 min notice at the peak");
    expect(long.run.metrics.interruptedRatio).toBe(0);
    const short = await dayWith("{hostHour: 0.05, share: 0.5, notice: 30s}");
    const none = await dayWith("{hostHour: 0.05, share: 0.5}");
    expect(none.name).toBe("50 % of all hosts reclaimed without notice at the peak");
    expect(short.run.sums.interrupted).toBeGreaterThan(0);
    expect(none.run.sums.interrupted).toBeGreaterThan(short.run.sums.interrupted);
    // Five hosts of two streamlets each; an empty streamlet ends with the notice.
    expect((none.run.stops["host-failed"] ?? 0) + (none.run.stops.retired ?? 0)).toBe(10);
  });

  it("are the same hosts and the same requests whatever the notice", async () => {
    const long = await dayWith("{hostHour: 0.05, share: 0.3, notice: 2min}");
    const none = await dayWith("{hostHour: 0.05, share: 0.3}");
    expect(long.run.sums.arrivals).toBe(none.run.sums.arrivals);
    // 0.3 × 10 hosts of two streamlets each; those that drained in time have not failed.
    const ended = ({ stops }: typeof long.run): number =>
      (stops["host-failed"] ?? 0) + (stops.retired ?? 0) + (stops.drained ?? 0);
    expect(ended(none.run)).toBe(6);
    expect(ended(long.run)).toBe(6);
    expect(long.run.stops["host-failed"]).toBeUndefined();
  });
});
