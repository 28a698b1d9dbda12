import { describe, expect, it } from "vitest";
import { allTimelines } from "./all-timelines.js";
import * as library from "./policy-library.js";

describe("the policies, as timelines", () => {
  it("hold every case of the upstream vectors", () => {
    const vectors = ["hpa resource", "hpa pods", "hpa external", "hpa rate", "hpa stabilisation", "kpa"];
    const count = (what: string) =>
      allTimelines.filter(({ sentence }) => sentence.startsWith(what) && / vector \d+$/.test(sentence)).length;
    expect(vectors.map(count)).toEqual([7, 2, 2, 5, 2, 4]);
  });

  for (const { sentence, check } of allTimelines) it(sentence, () => check(library));
});
