import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { InputError } from "../../src/base/errors.js";
import { keptScenario, SCENARIO_FILE } from "../../src/experiment/kept-scenario.js";
import { packageVersion } from "../../src/experiment/version.js";
import { runSummary } from "../../src/tui/run/run-summary.js";
import { finishedSource } from "../../src/tui/source/finished-source.js";
import type { SteppedSource } from "../../src/tui/source/stepped-source.js";
import { initialState } from "../../src/tui/state/ui-state.js";
import { frameOf, frameText } from "../../src/tui/views/frame.js";
import { scenarioOf } from "../world/written-scenario.js";

const root = mkdtempSync(join(tmpdir(), "headrace-two-"));
afterAll(() => rmSync(root, { recursive: true }));

/** A report's folder, as far as watching needs it. */
function report(name: string, changes: object = {}): string {
  const scenario = scenarioOf({
    name: "day",
    seed: 5,
    duration: "40min",
    traffic: { source: "poisson", rate: "0.5/s" },
    streams: { holding: { kind: "exponential", mean: "1min" } },
    fleet: { streamlet: { slots: 4, spawn: { kind: "constant", value: "30s" } }, max: 60 },
    policies: [
      { kind: "hpa", targetUtilisation: 0.7, min: 2 },
      { kind: "square-root", min: 2 },
    ],
    ...changes,
  });
  mkdirSync(join(root, name));
  writeFileSync(join(root, name, SCENARIO_FILE), keptScenario(packageVersion(), scenario));
  return join(root, name);
}

const monday = report("monday");
const tuesday = report("tuesday", { seed: 6, duration: "90min" });
const regions = report("regions", {
  fleet: {
    regions: [{ name: "eu" }, { name: "us" }],
    streamlet: { slots: 4, spawn: { kind: "constant", value: "30s" } },
  },
});

function wholeOf(source: SteppedSource): SteppedSource {
  source.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  source.refresh();
  return source;
}

function screen({ kind, sides, others, endMs, trouble }: SteppedSource, cursorMs: number): string {
  const ui = initialState(false, 0, cursorMs);
  return frameText(frameOf({ kind, sides, others, ui, endMs, takesActions: false, trouble }, 160, 50));
}

describe("two finished runs", () => {
  it("stand side by side from the start of each, to the end of the longer one", async () => {
    const source = wholeOf(await finishedSource([monday, tuesday], undefined));
    expect(source.sides.map(({ facts }) => facts.policy)).toEqual(["hpa of monday", "hpa of tuesday"]);
    expect(source.sides.map(({ frontierMs }) => frontierMs)).toEqual([40 * 60_000, 90 * 60_000]);
    expect([source.endMs, source.reachedMs]).toEqual([90 * 60_000, 90 * 60_000]);
    const shown = screen(source, source.endMs);
    expect(shown).toMatch(/ day {2}hpa of monday \| hpa of tuesday .* ■ end/);
    expect(runSummary(source).slice(0, 2)).toEqual([
      expect.stringMatching(/^day, hpa of monday, seed 5, seen to its end: /),
      expect.stringMatching(/^day, hpa of tuesday, seed 6, seen to its end: /),
    ]);
  });

  it("are the same runs as each alone", async () => {
    const both = wholeOf(await finishedSource([monday, tuesday], "square-root"));
    for (const [i, path] of [monday, tuesday].entries()) {
      const alone = wholeOf(await finishedSource([path], "square-root"));
      expect(both.sides[i].decisions).toEqual(alone.sides[0].decisions);
      expect(both.sides[i].facts.seed).toBe(alone.sides[0].facts.seed);
    }
  });

  it("become the first alone and two again, and the cursor stays within the longer one", async () => {
    const source = wholeOf(await finishedSource([monday, tuesday], undefined));
    source.setBeside(undefined);
    expect(source.sides).toHaveLength(1);
    expect(screen(source, source.endMs)).toContain("■ end");
    source.setBeside(source.others[0]);
    expect(wholeOf(source).reachedMs).toBe(90 * 60_000);
  });

  it("of other pools are refused with both lists", async () => {
    const refusal = finishedSource([monday, regions], undefined);
    await expect(refusal).rejects.toThrow(InputError);
    await expect(refusal).rejects.toThrow(/a run with the pools eu.*, us.*expected the pools of .*monday: default/s);
  });
});
