import { describe, expect, it } from "vitest";
import type { DecisionRecord } from "../../../src/ports/telemetry.js";
import { ALL_POOLS, RunHistory } from "../../../src/tui/history/run-history.js";
import { simulatedRun } from "../../../src/tui/source/simulated-run.js";
import { SimulatedRun, simulate } from "../../../src/world/simulate.js";
import { noUserModules } from "../../../src/world/user-modules.js";
import { FleetWatch } from "../../../src/world/watch/fleet-watch.js";
import { runFacts } from "../../../src/world/watch/run-facts.js";
import { Figure } from "../../../src/world/watch/sample.js";
import { scenarioOf } from "../written-scenario.js";

const scenario = scenarioOf({
  name: "watched",
  seed: 3,
  duration: "40min",
  traffic: {
    source: "poisson",
    rate: "2/s",
    mix: [
      { region: "eu", share: 2 },
      { region: "us", share: 1 },
    ],
  },
  streams: { holding: { kind: "exponential", mean: "1min" }, patience: { kind: "constant", value: "5s" } },
  fleet: {
    regions: [{ name: "eu" }, { name: "us" }],
    streamlet: { slots: 4, spawn: { kind: "constant", value: "20s" } },
    max: 60,
  },
  faults: { streamletMtbf: "10min" },
  policies: [{ kind: "predictive", min: 1 }],
  slo: { startLatencyP99: "200ms", rejectedRatio: 0.001 },
});
const [policy] = scenario.policies;

describe("a watched run", () => {
  it("gives the same bytes as one that is not watched", () => {
    const facts = runFacts(scenario, policy);
    let watch: FleetWatch | undefined;
    const run = new SimulatedRun(scenario, policy, noUserModules, {
      watch: (scheduler) => {
        watch = new FleetWatch(facts, scheduler);
        return watch;
      },
    });
    for (let atMs = 0; atMs <= scenario.durationMs; atMs += 10_000) {
      run.advance(atMs);
      watch?.sample({ control: run.control, slo: run.recorder.slo });
    }
    expect(JSON.stringify(run.result())).toBe(JSON.stringify(simulate(scenario, policy, 0, noUserModules)));
  });

  it("shows the figures of each decision as the recorder keeps them", () => {
    const stepped = simulatedRun(scenario, policy, noUserModules);
    const shown: DecisionRecord[] = [];
    const last: (DecisionRecord | undefined)[] = [];
    for (let atMs = 0; atMs <= scenario.durationMs; atMs += 60_000) {
      stepped.runTo(atMs);
      const { newDecisions, lastDecisions } = stepped.sample();
      shown.push(...newDecisions);
      last.push(lastDecisions[0]);
    }
    const { decisions } = simulate(scenario, policy, 0, noUserModules);
    expect(shown).toEqual(decisions);
    for (const kept of [shown, last])
      expect(new Set(kept.map((decision) => decision?.details?.expectedOpen)).size).toBeGreaterThan(10);
  });

  it("counts what the recorder counts, in each pool, and every streamlet has one place", () => {
    const stepped = simulatedRun(scenario, policy, noUserModules);
    const history = new RunHistory(stepped.facts);
    while (history.frontierMs < scenario.durationMs) {
      stepped.runTo(history.nextBinEndMs);
      const sample = stepped.sample();
      history.add(sample);
      sample.figures.forEach((figures, pool) => {
        const alive =
          figures[Figure.ready] + figures[Figure.spawning] + figures[Figure.draining] + figures[Figure.parked];
        const { ids, cells } = sample.streamlets[pool];
        expect(cells.filter((cell) => cell !== 0)).toHaveLength(alive);
        expect(new Set(ids.filter((id) => id >= 0)).size).toBe(alive);
      });
    }
    const { counts, timeline } = simulate(scenario, policy, 0, noUserModules);
    const total = (figure: Figure): number => history.count(figure, ALL_POOLS, 0, history.length);
    expect(history.length * history.binMs).toBe(scenario.durationMs);
    expect(total(Figure.arrivals)).toBe(counts.arrived);
    expect(total(Figure.abandoned)).toBe(counts.abandoned);
    expect(total(Figure.interrupted)).toBe(counts.interrupted);
    expect(total(Figure.interrupted)).toBeGreaterThan(0);
    expect(total(Figure.failures)).toBe(timeline.crashes.reduce((sum, crashes) => sum + crashes, 0));
    const violating = timeline.violationMinutes?.reduce((sum, one) => sum + one, 0) ?? Number.NaN;
    expect(history.violatingMinutes.length * 60_000).toBe(violating * timeline.binMs);
    expect(history.outlook(0, history.length - 1)?.forecast.mean).toHaveLength(12);
    expect(history.faults.reduce((sum, { streams }) => sum + streams, 0)).toBe(counts.interrupted);
  });
});
