import { describe, expect, it } from "vitest";
import type { DecisionRecord } from "../../../../src/ports/telemetry.js";
import { DecisionWatch } from "../../../../src/world/decision-watch.js";
import type { TraceTable } from "../../../../src/world/scenario/resources.js";
import { SimulatedRun } from "../../../../src/world/simulate.js";
import { noUserModules } from "../../../../src/world/user-modules.js";
import { scenarioOf } from "../../../world/written-scenario.js";

const MINUTE_MS = 60_000;

/** 20 a minute for half an hour, a crowd of 900 a minute for 20 minutes, then 2 a minute. */
const crowd: TraceTable = {
  file: "crowd.csv",
  startMs: Date.UTC(2026, 2, 2),
  binMs: MINUTE_MS,
  columns: { region: false, format: false, segment: false },
  series: [{ region: "", format: "", segment: "" }],
  values: [Float64Array.from({ length: 180 }, (_, minute) => (minute < 30 ? 20 : minute < 50 ? 900 : 2))],
  interpolated: 0,
};

/** Decisions of the predictive policy in that world, where a start takes 20 minutes. */
function decisions(seed: number): readonly DecisionRecord[] {
  const document = {
    name: "crowd",
    seed,
    duration: "3h",
    traffic: { source: "trace", file: "crowd.csv", scale: 1 },
    streams: { holding: { kind: "exponential", mean: "1min" }, patience: { kind: "constant", value: "30s" } },
    fleet: { streamlet: { slots: 4, spawn: { kind: "constant", value: "20min" } }, max: 300 },
    policies: [{ kind: "predictive" }],
  };
  const scenario = scenarioOf(document, crowd);
  const watch = new DecisionWatch(1, 10_000);
  new SimulatedRun(scenario, scenario.policies[0], noUserModules, { watch: () => watch }).advance(scenario.durationMs);
  return watch.lastOf(0);
}

/** Decisions within some minutes of the run. */
function within(all: readonly DecisionRecord[], fromMinute: number, toMinute: number): readonly DecisionRecord[] {
  return all.filter(({ atMs }) => atMs >= fromMinute * MINUTE_MS && atMs < toMinute * MINUTE_MS);
}

function median(values: readonly number[]): number {
  const sorted = values.slice().sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

describe("the predictive policy after a crowd", () => {
  it.each([5, 6, 7])("has the margin of before two hours later, and does not swing (seed %i)", (seed) => {
    const all = decisions(seed);
    const margins = (from: number, to: number): number[] =>
      within(all, from, to).map(({ details }) => details?.margin ?? Number.NaN);
    // Slots beyond the expected streams: some 5 before, for ten times the traffic; it was 434.
    const before = median(margins(10, 30));
    const after = margins(160, 180);
    expect(after.length).toBe(240);
    expect(median(after)).toBeLessThan(before);
    // A burst of three requests within a minute raises the expected count for twenty minutes, and
    // so the margin.
    expect(Math.max(...after)).toBeLessThan(5 * before);
    const desired = within(all, 150, 180).map((decision) => decision.desired);
    // Two streams are open on average, on four slots each; the fault was 55 → 116 streamlets
    // within 30 s.
    expect(Math.max(...desired)).toBeLessThanOrEqual(12);
    for (let i = 6; i < desired.length; i++) expect(Math.abs(desired[i] - desired[i - 6])).toBeLessThanOrEqual(8);
  });
});
