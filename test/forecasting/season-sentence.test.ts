import { describe, expect, it } from "vitest";
import { seasonSentence } from "../../src/forecasting/season-sentence.js";

const MINUTE = 60_000;

describe("the sentence on seasons", () => {
  it("gives the bins of a day and a week, and says where it interpolates", () => {
    expect(seasonSentence(5 * MINUTE)).toBe("Seasons: a day is 288 bins; a week is 2,016 bins");
    expect(seasonSentence(7 * MINUTE)).toContain(
      "a day is 205.71 bins, interpolated between bins; a week is 1,440 bins",
    );
  });

  it("says that a season is not used, and why", () => {
    expect(seasonSentence(16 * 60 * MINUTE)).toMatch(/a day is not used: it is 1\.5 bins of 16 h, too few/);
    expect(seasonSentence(1440 * MINUTE)).toContain("a day is one bin");
  });
});
