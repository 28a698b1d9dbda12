import { describe, expect, it } from "vitest";
import { PartMeans } from "../../../src/control/forecast/part-means.js";
import { Track } from "../../../src/control/forecast/track.js";

/** Appends the running sum of i² mod 97 for bins up to `length`. */
function grow(sums: Track, length: number): void {
  for (let i = sums.length; i < length; i++) sums.append((i === 0 ? 0 : sums.data[i - 1]) + ((i * i) % 97));
}

/** The mean before `end` from the running sums. */
function plain(sums: Track, end: number, part: number): number {
  return end <= part ? 0 : (sums.data[end - 1] - sums.data[end - 1 - part]) / part;
}

describe("the means of the last bins before each end", () => {
  it.each([1, 7, 18])("are those of the running sums, a part back one place before: parts of %d bins", (part) => {
    const sums = new Track();
    const means = new PartMeans(part);
    // The last length makes the columns grow several times.
    for (const length of [0, 5, 40, 41, 700, 3000]) {
      grow(sums, length);
      means.extend(sums);
      for (let end = 0; end <= length; end++) {
        expect(means.data[means.indexOf(end)]).toBe(plain(sums, end, part));
        if (end >= part) expect(means.indexOf(end - part)).toBe(means.indexOf(end) - 1);
      }
    }
  });

  it("have room at once for as many ends as are named, and more when more come", () => {
    const sums = new Track();
    const means = new PartMeans(7, 1000);
    const { data } = means;
    grow(sums, 1000);
    means.extend(sums);
    expect(means.data).toBe(data);
    expect(means.data[means.indexOf(1000)]).toBe(plain(sums, 1000, 7));
    grow(sums, 2500);
    means.clear();
    means.extend(sums);
    for (let end = 0; end <= 2500; end++) expect(means.data[means.indexOf(end)]).toBe(plain(sums, end, 7));
  });

  it("are made anew after the sums have dropped their first bins", () => {
    const sums = new Track();
    const means = new PartMeans(6);
    grow(sums, 100);
    means.extend(sums);
    sums.dropFirst(25);
    means.rebuild(sums);
    for (let end = 0; end <= 75; end++) expect(means.data[means.indexOf(end)]).toBe(plain(sums, end, 6));
  });
});
