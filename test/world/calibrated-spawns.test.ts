import { expect, it } from "vitest";
import { constantLaw } from "../../src/base/distribution.js";
import { Phase } from "../../src/ports/scheduler.js";
import { SimulatedRun } from "../../src/world/simulate.js";
import { simRequest } from "./hand-driven.js";
import { scenarioOf } from "./written-scenario.js";

/** One streamlet at first, three from 1:00 on; a stream is open from 0:30 to the end at 2:00. */
const document = {
  name: "calibrated",
  duration: "2min",
  traffic: { source: "poisson", rate: "0.000000000001/s" },
  streams: { holding: "1min" },
  fleet: { streamlet: { slots: 1 } },
  policies: [{ kind: "./by-hand.js", min: 0, tick: "1min" }],
};
const policy = { decide: (_: unknown, nowMs: number) => [{ desired: nowMs < 60_000 ? 1 : 3, reason: "by hand" }] };
const alone = { startsAtOnce: 2, serialMs: 0, outsideMs: 0 };
const undisturbed = { sharing: 0, perStream: 0, crowding: 0, delayChance: 0, delayMs: 0 };

/** Streamlet-seconds of spawning where starts of 10 s queue like this. */
function spawningS(queue: Partial<typeof undisturbed>): number {
  const scenario = scenarioOf(document);
  const classes = scenario.fleet.classes.map((one) => ({
    ...one,
    spawn: { law: constantLaw(10_000), contention: 0, queue: { ...alone, ...undisturbed, ...queue } },
  }));
  const modules = { policies: new Map([["./by-hand.js", () => policy]]), balancers: new Map() };
  const run = new SimulatedRun({ ...scenario, fleet: { ...scenario.fleet, classes } }, scenario.policies[0], modules);
  run.kernel.scheduleAt(30_000, Phase.Arrival, () => run.control.request(simRequest({ atS: 30, holdS: 600 }, 1000)));
  run.advance(120_000);
  return run.result().metrics.streamletsSpawningMean * 120;
}

it.each([
  ["none", {}, 30],
  ["each other", { sharing: 0.2 }, 34],
  ["open streams", { perStream: 0.1 }, 32],
  ["open streams where several start", { crowding: 0.3 }, 36],
] as const)("starts of a calibrated machine are slowed by %s as its profile has it", (_, queue, expectedS) => {
  expect(spawningS(queue)).toBeCloseTo(expectedS, 6);
});
