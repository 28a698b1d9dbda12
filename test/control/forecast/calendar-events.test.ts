import { describe, expect, it } from "vitest";
import { EventCalendar, NO_EVENTS } from "../../../src/control/forecast/calendar-events.js";

const calendar = new EventCalendar([
  { name: "late", startMs: 300, endMs: 400 },
  { name: "final", startMs: 100, endMs: 200, multiplier: 3 },
  { name: "early", startMs: 0, endMs: 120 },
  { name: "rain", startMs: 150, endMs: 250, multiplier: 0.5 },
  { name: "early", startMs: 350, endMs: 500 },
]);

function marks(atMs: number): number[] {
  const row = new Float64Array(5).fill(7);
  calendar.mark(atMs, row, 2);
  return [...row];
}

describe("a calendar of events", () => {
  it("multiplies the known factors that are in force, each from its start up to its end", () => {
    const at = [50, 99, 100, 149, 150, 199, 200, 249, 250];
    expect(at.map((atMs) => calendar.multiplier(atMs))).toEqual([1, 1, 3, 3, 1.5, 1.5, 0.5, 0.5, 1]);
  });

  it("names the events without a factor once each, in the order given", () => {
    expect(calendar.names).toEqual(["late", "early"]);
  });

  it("marks the named events that are on, in their columns alone", () => {
    expect(marks(0)).toEqual([7, 7, 0, 1, 7]);
    expect(marks(119)).toEqual([7, 7, 0, 1, 7]);
    expect(marks(120)).toEqual([7, 7, 0, 0, 7]);
    // An event with a factor has no column.
    expect(marks(160)).toEqual([7, 7, 0, 0, 7]);
    expect(marks(300)).toEqual([7, 7, 1, 0, 7]);
    expect(marks(350)).toEqual([7, 7, 1, 1, 7]);
    expect(marks(400)).toEqual([7, 7, 0, 1, 7]);
  });

  it("leaves the order of the caller's events as it is", () => {
    const events = [
      { name: "b", startMs: 2, endMs: 3 },
      { name: "a", startMs: 1, endMs: 2 },
    ];
    new EventCalendar(events);
    expect(events.map(({ name }) => name)).toEqual(["b", "a"]);
  });

  it("may have no event: then the factor is 1 and there is no column", () => {
    expect([NO_EVENTS.names, NO_EVENTS.multiplier(0)]).toEqual([[], 1]);
  });
});
