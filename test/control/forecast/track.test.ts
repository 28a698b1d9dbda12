import { describe, expect, it } from "vitest";
import { Track } from "../../../src/control/forecast/track.js";

function trackOf(values: readonly number[], capacity: number): Track {
  const track = new Track(capacity);
  for (const value of values) track.append(value);
  return track;
}

const held = (track: Track): number[] => [...track.data.subarray(0, track.length)];

describe("a track of numbers", () => {
  it("keeps all numbers when it outgrows its capacity, which then doubles", () => {
    const track = trackOf([1, 2, 3, 4, 5], 2);
    expect(held(track)).toEqual([1, 2, 3, 4, 5]);
    expect(track.data).toHaveLength(8);
    expect(trackOf([1, 2], 2).data).toHaveLength(2);
  });

  it("keeps its numbers when room is reserved, and never gives room back", () => {
    const track = trackOf([1, 2, 3], 4);
    track.reserve(10);
    expect([held(track), track.data.length]).toEqual([[1, 2, 3], 10]);
    track.reserve(5);
    expect(track.data).toHaveLength(10);
  });

  it("takes as much room as another row, while it has no number yet", () => {
    const longer = new Track(100);
    const empty = new Track(4);
    empty.growWith(longer);
    expect([empty.length, empty.data.length]).toEqual([0, 100]);
    const begun = trackOf([1], 4);
    begun.growWith(longer);
    expect(begun.data).toHaveLength(4);
  });

  it("drops its beginning and appends after what is left", () => {
    const track = trackOf([1, 2, 3, 4, 5], 4);
    track.dropFirst(2);
    expect(held(track)).toEqual([3, 4, 5]);
    track.append(6);
    expect(held(track)).toEqual([3, 4, 5, 6]);
  });

  it("begins anew when it is cleared", () => {
    const track = trackOf([1, 2, 3], 4);
    track.clear();
    expect(track.length).toBe(0);
    track.append(9);
    expect(held(track)).toEqual([9]);
  });
});
