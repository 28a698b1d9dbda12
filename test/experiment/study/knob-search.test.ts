import { describe, expect, it } from "vitest";
import type { PolicyFrontier } from "../../../src/experiment/frontier/frontier.js";
import { settingsNear } from "../../../src/experiment/study/knob-search.js";

function frontier(points: readonly (readonly [number, number])[]): PolicyFrontier {
  const settings = points.map(([value, violation]) => ({ value, cost: [1], violation: [violation] }));
  return { name: "p", kind: "p", knob: "k", settings };
}

describe("the search for settings", () => {
  it("goes between two settings by the logarithms of knob and violation", () => {
    const found = settingsNear(
      frontier([
        [1, 0.1],
        [4, 0.001],
      ]),
      [0.01],
    );
    expect(found).toEqual([2]);
  });

  it("takes the grid's end, once, where the grid does not reach", () => {
    expect(
      settingsNear(
        frontier([
          [1, 0.5],
          [2, 0.3],
        ]),
        [0.01, 0.001],
      ),
    ).toEqual([2]);
    expect(
      settingsNear(
        frontier([
          [1, 1e-4],
          [2, 0],
        ]),
        [0.01, 0.001],
      ),
    ).toEqual([1]);
  });

  it("goes part of the way to a setting that violates nothing", () => {
    const [found] = settingsNear(
      frontier([
        [1, 0.01],
        [16, 0],
      ]),
      [0.001],
    );
    expect(found).toBeGreaterThan(1);
    expect(found).toBeLessThan(16);
  });
});
