import { describe, expect, it } from "vitest";
import { Additive } from "../../../src/control/forecast/additive.js";
import type { BinHistory } from "../../../src/control/forecast/bin-history.js";
import { type CalendarEvent, EventCalendar } from "../../../src/control/forecast/calendar-events.js";
import { seasonOf } from "../../../src/control/forecast/season.js";
import { forecasts } from "./fitted-model.js";
import { DAY_MS, HOUR, historyOf, MINUTE, scatteredCounts } from "./known-histories.js";
import { distance, plainRidge, plainScale } from "./plain-model.js";

const names = ["feast", "strike"];
const bends = Array.from({ length: 10 }, (_, c) => 0.08 * (c + 1));

/** One instant as the model sees it: level, trend, its ten bends, waves of day and week, events. */
function plainRow(x: number, atMs: number, isWeekly: boolean, events: readonly CalendarEvent[]): number[] {
  const waves = (periodMs: number, count: number): number[] =>
    Array.from({ length: count }, (_, k) => (2 * Math.PI * (k + 1) * atMs) / periodMs).flatMap((angle) => [
      Math.sin(angle),
      Math.cos(angle),
    ]);
  const trend = Math.min(x, 1.1);
  const isOn = (name: string): boolean =>
    events.some((one) => one.name === name && one.startMs <= atMs && atMs < one.endMs);
  return [
    ...[1, trend],
    ...bends.map((at) => Math.max(0, trend - at)),
    ...waves(DAY_MS, 8),
    ...(isWeekly ? waves(7 * DAY_MS, 5) : new Array(10).fill(0)),
    ...names.map((name) => (isOn(name) ? 1 : 0)),
  ];
}

/** The model by its definition; every `stride`-th bin from the last one back is learnt from. */
function plainAdditive(history: BinHistory, end: number, stride: number, events: readonly CalendarEvent[]) {
  const { offset, ceiling, into, from } = plainScale("log", history.values.data, end);
  const isWeekly = end * history.binMs >= 14 * DAY_MS;
  const rowAt = (t: number): number[] => plainRow(t / end, history.startMs + t * history.binMs, isWeekly, events);
  const factor = (t: number): number => {
    const atMs = history.startMs + t * history.binMs;
    return events.reduce((product, { startMs, endMs, multiplier = 1 }) => {
      return startMs <= atMs && atMs < endMs ? product * multiplier : product;
    }, 1);
  };
  const learnt = Array.from({ length: Math.ceil(end / stride) }, (_, i) => end - 1 - i * stride).filter(
    (t) => history.observed.data[t] === 1 && factor(t) > 0,
  );
  const rows = learnt.map((t) => ({ x: rowAt(t), y: into(history.values.data[t] / factor(t)), weight: 1 }));
  const ridge = (i: number): number => (i === 0 ? 0 : i === 1 ? 0.1 : i < 12 ? 3 : 0.002);
  const coefficients = plainRidge(rows, ridge, 40);
  const forecast = (lead: number): number => {
    const t = end - 1 + lead;
    return factor(t) * from(rowAt(t).reduce((sum, x, i) => sum + x * coefficients[i], 0));
  };
  return { head: [offset, ceiling, history.startMs, end * history.binMs, isWeekly ? 1 : 0], forecast };
}

/** Forecasts of a second model, which takes over what the first one learnt. */
function learntForecasts(history: BinHistory, end: number, leads: number[], events: readonly CalendarEvent[]) {
  const calendar = new EventCalendar(events);
  const parameters = new Additive(calendar).learn(history, end);
  const model = new Additive(calendar);
  model.restore(history, parameters);
  return { head: [...parameters.subarray(0, 5)], values: forecasts(model, history, leads, end) };
}

const startMs = Date.UTC(2026, 2, 3, 5);
const hours = (from: number, to: number) => ({ startMs: startMs + from * HOUR, endMs: startMs + to * HOUR });
const someEvents: readonly CalendarEvent[] = [
  { name: "feast", ...hours(100, 112) },
  { name: "final", ...hours(120, 125), multiplier: 3 },
  { name: "closed", ...hours(130, 133), multiplier: 0 },
  { name: "strike", ...hours(200, 230) },
  { name: "feast", ...hours(290, 300) },
  { name: "final", ...hours(338, 341), multiplier: 2 },
  { name: "strike", ...hours(345, 350) },
];

describe("the additive model", () => {
  it.each([
    ["less than two weeks, without a weekly season", 335, HOUR, 1],
    ["two weeks, with one", 336, HOUR, 1],
    ["8,400 bins, of which each second is learnt from", 8400, 5 * MINUTE, 2],
  ])("is the plain ridge regression of its definition: %s", (_, end, binMs, stride) => {
    const counts = scatteredCounts("additive", end + 20, DAY_MS / binMs, true);
    const history = historyOf(counts, binMs, startMs);
    const leads = [1, 2, 5, 9, 14, 30, 60, 500];
    const plain = plainAdditive(history, end, stride, someEvents);
    const { head, values } = learntForecasts(history, end, leads, someEvents);
    expect(distance(head, plain.head)).toBeLessThan(1e-12);
    expect(distance(values, leads.map(plain.forecast))).toBeLessThan(1e-6);
  });

  it("holds its trend beyond a tenth of the span: a year ahead it is that of the same hour after a tenth", () => {
    const end = 20 * 24;
    const history = historyOf(
      Array.from({ length: end }, (_, t) => 100 + t),
      HOUR,
    );
    const { values } = learntForecasts(history, end, [7 * 24 + 1, 53 * 7 * 24 + 1], []);
    expect(values[1]).toBeCloseTo(values[0], 6);
  });

  it("needs two days of bins, and bins that make a day", () => {
    const model = new Additive();
    expect([HOUR, 5 * MINUTE, DAY_MS].map((binMs) => model.minimumBins(seasonOf(binMs)))).toEqual([
      48,
      576,
      Number.POSITIVE_INFINITY,
    ]);
    expect([model.name, model.isWeekly]).toEqual(["additive", true]);
  });

  it("forecasts the same after the history went on and forgot bins: it has no running state", () => {
    const counts = scatteredCounts("additive later", 24 * 10, 24);
    const history = historyOf(counts.slice(0, 24 * 9));
    const model = new Additive();
    model.restore(history, model.learn(history, history.length));
    const before = forecasts(model, history, [25, 30]);
    for (const count of counts.slice(24 * 9)) history.append(count);
    model.extend();
    history.dropFirst(48);
    model.dropFirst();
    expect(distance(forecasts(model, history, [1, 6]), before)).toBeLessThan(1e-9);
  });
});
