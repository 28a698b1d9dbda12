import { describe, expect, it } from "vitest";
import type { DrawnChart } from "../../src/report/browser/drawn-chart.js";
import { TimeRange } from "../../src/report/browser/time-range.js";

/** A chart over a run of this length from 0 that only remembers its signals. */
function chartOf(lengthMs: number): DrawnChart {
  const first = { runStart: 0, runEnd: lengthMs, tFrom: 0, tTo: lengthMs };
  const now = new Map<string, unknown>(Object.entries(first));
  const view = {
    signal(name: string, value?: unknown) {
      if (value === undefined) return now.get(name);
      now.set(name, value);
      return view;
    },
    run: () => view,
    resize: () => view,
  };
  return { view, signals: new Map<string, unknown>(Object.entries(first)) } as unknown as DrawnChart;
}

function selected(lengthMs: number, fromMs: number, toMs: number) {
  const range = new TimeRange(() => undefined);
  const chart = chartOf(lengthMs);
  range.add(chart);
  range.select({ fromMs, toMs });
  return { range, chart, shown: TimeRange.shownBy(chart) };
}

describe("the range of time that charts show", () => {
  it("may be seconds of a live run of 20 s, and no less than a minute of a day", () => {
    expect(selected(20_000, 10_000, 14_000).shown).toEqual({ fromMs: 10_000, toMs: 14_000 });
    expect(selected(20_000, 10_000, 10_500).shown).toEqual({ fromMs: 0, toMs: 20_000 });
    expect(selected(86_400_000, 0, 59_000).shown).toEqual({ fromMs: 0, toMs: 86_400_000 });
    expect(selected(86_400_000, 0, 60_000).shown).toEqual({ fromMs: 0, toMs: 60_000 });
  });

  it("keeps its length at the ends of the run when keys move it", () => {
    const { range, chart } = selected(86_400_000, 3_600_000, 7_200_000);
    for (let press = 0; press < 8; press++) range.shift(chart, -0.25, 1);
    expect(TimeRange.shownBy(chart)).toEqual({ fromMs: 0, toMs: 3_600_000 });
    range.shift(chart, 0, 100);
    expect(TimeRange.shownBy(chart)).toEqual({ fromMs: 0, toMs: 86_400_000 });
  });
});
