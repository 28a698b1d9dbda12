import { describe, expect, it } from "vitest";
import { AssertionError } from "../../src/base/assert.js";
import { SimulatedRun, simulate } from "../../src/world/simulate.js";
import { noUserModules } from "../../src/world/user-modules.js";
import { busyDocument, scenarioOf } from "./written-scenario.js";

const busy = scenarioOf({ ...busyDocument, duration: "10min", warmup: "0s" });

function started(): SimulatedRun {
  return new SimulatedRun(busy, busy.policies[3], noUserModules, { replication: 2 });
}

function finish(run: SimulatedRun): unknown {
  run.advance(busy.durationMs);
  return run.result();
}

describe("the assertions of a run", () => {
  it("hold in a run whose parts report the truth", () => {
    const { counts } = simulate(busy, busy.policies[3], 2, noUserModules);
    const { arrived, completed, interrupted, rejected, abandoned, waiting, open } = counts;
    expect(arrived).toBeGreaterThan(500);
    expect(completed + interrupted + rejected + abandoned + waiting + open).toBe(arrived);
  });

  it("catch a request that vanishes", () => {
    const run = started();
    const { gateway } = run.control;
    const request = gateway.request.bind(gateway);
    let n = 0;
    gateway.request = (one) => {
      if (++n === 20) run.recorder.onArrival(one);
      else request(one);
    };
    expect(() => finish(run)).toThrow(/requests arrived, \d+ are accounted for/);
  });

  it("catch a fleet that drops a stream and does not report it", () => {
    const run = started();
    const assign = run.fleet.assign.bind(run.fleet);
    let n = 0;
    run.fleet.assign = (id, request) => {
      if (++n !== 20) assign(id, request);
    };
    expect(() => finish(run)).toThrow(/the fleet carries \d+ streams, the control plane counts \d+/);
  });

  it("catch a fleet that ends a stream twice", () => {
    const run = started();
    const { control } = run;
    const ended = control.onStreamEnded.bind(control);
    let n = 0;
    control.onStreamEnded = (id, request, end, degraded) => {
      ended(id, request, end, degraded);
      if (++n === 20) ended(id, request, end, degraded);
    };
    expect(() => finish(run)).toThrow(AssertionError);
  });

  it("catch time in service that does not add up (Little's law)", () => {
    const run = started();
    const { control } = run;
    const ended = control.onStreamEnded.bind(control);
    control.onStreamEnded = (id, request, end, degraded) => {
      // The stream claims to have begun ten seconds before it did.
      request.startedAtMs -= 10_000;
      ended(id, request, end, degraded);
    };
    expect(() => finish(run)).toThrow(/Little's law/);
  });

  it("catch streamlet-time that is not the sum of lifetimes", () => {
    const run = started();
    const { recorder } = run;
    const changed = recorder.onStreamletState.bind(recorder);
    recorder.onStreamletState = (change) => {
      if (change.to !== "stopped") changed(change);
    };
    expect(() => finish(run)).toThrow(/streamlet-time/);
  });

  it("catch one stream more than a streamlet has slots", () => {
    const run = started();
    for (const pool of run.control.pools) {
      // A pool that keeps full streamlets on offer.
      pool.leastLoaded = () => pool.ready.find((streamlet) => streamlet.open === streamlet.slots) ?? pool.ready[0];
      Object.defineProperty(pool, "available", { get: () => pool.ready });
    }
    expect(() => finish(run)).toThrow(/streamlet \d+, which is ready with \d+ streams|was given one more/);
  });

  it("catch an event in the past", () => {
    const run = started();
    run.kernel.schedule(1000, 3, () => {
      run.kernel.scheduleAt(999, 3, () => undefined);
    });
    expect(() => finish(run)).toThrow(/a timer was set at 999 ms when it was 1000 ms/);
  });

  it("name the seed, the replication, the policy, the instant and the command that reproduces it", () => {
    const run = started();
    run.kernel.schedule(1000, 3, () => {
      run.kernel.schedule(-1, 3, () => undefined);
    });
    expect(() => finish(run)).toThrow(
      /seed 7, replication 2, policy static, at 1000 ms\n {2}replay: headrace simulate busy.yaml --seed 7 --policy static --replications 3/,
    );
  });
});
