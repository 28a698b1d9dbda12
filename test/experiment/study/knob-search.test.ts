import { describe, expect, it } from "vitest";
import type { PolicyFrontier } from "../../../src/experiment/frontier/frontier.js";
import { bracketing, settingsNear } from "../../../src/experiment/study/knob-search.js";

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

describe("the settings still missing after the fine pass", () => {
  const coarse = frontier([
    [0.9, 0.5],
    [0.8, 0.02],
    [0.7, 0.001],
    [0.6, 0],
  ]);

  it("is nothing where both matches are bracketed", () => {
    const fine = frontier([
      [0.79, 0.015],
      [0.65, 0.0005],
    ]);
    expect(bracketing(fine, coarse, 0.01, 0.001)).toEqual([]);
  });

  it("is a thriftier and a more generous setting, half-way to the sweep's next, either way the knob goes", () => {
    const fine = frontier([
      [0.78, 0.008],
      [0.75, 0.0012],
    ]);
    expect(bracketing(fine, coarse, 0.01, 0.001)).toEqual([
      Number(Math.sqrt(0.8 * 0.78).toPrecision(4)),
      Number(Math.sqrt(0.75 * 0.7).toPrecision(4)),
    ]);
    const rising = frontier([
      [1, 0.5],
      [4, 0],
    ]);
    expect(bracketing(frontier([[2, 0.005]]), rising, 0.01, 0.001).sort()).toEqual([1.414, 2.828]);
  });

  it("ends where the grid ends", () => {
    const fine = frontier([
      [0.9, 0.004],
      [0.6, 0.002],
    ]);
    expect(bracketing(fine, coarse, 0.01, 0.001)).toEqual([]);
  });
});
