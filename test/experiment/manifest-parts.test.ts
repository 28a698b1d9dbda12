import { describe, expect, it } from "vitest";
import { behaviour, behaviourKnobs, k8sQuantity } from "../../src/experiment/manifest-parts.js";

describe("a Kubernetes quantity", () => {
  it.each([
    [6, 6],
    ["500m", 0.5],
    ["250000u", 0.25],
    // In thousandths, rounded up, as an HPA reads its targets.
    ["5u", 0.001],
    ["1.5m", 0.002],
    ["0.07", 0.07],
    ["1.5k", 1500],
    ["2e3", 2000],
    ["1E2", 100],
    ["1E", 1e18],
    [".5", 0.5],
    ["5.", 5],
    ["1Pi", 1_125_899_906_842_624],
  ])("of %s is read as the API server does", (written, value) => {
    expect(k8sQuantity.parse(written)).toBe(value);
  });

  it.each(["-1", "1e", "5x", "1kk", "1e400", "", 0])("of %s is refused with examples", (written) => {
    const { issues } = k8sQuantity.safeParse(written).error ?? { issues: [] };
    expect(issues).toMatchObject([
      { params: { expected: "a positive quantity", remedy: "For example 6, 500m or 1k" } },
    ]);
  });
});

describe("the tolerance of a HorizontalPodAutoscaler", () => {
  it.each([
    [0, 0],
    ["0", 0],
    ["50m", 0.05],
  ])("may be %s", (tolerance, expected) => {
    const knobs = behaviourKnobs(behaviour.parse({ scaleUp: { tolerance } }));
    expect(knobs.scaleUp).toMatchObject({ tolerance: expected });
  });

  it("is not rounded, and refused below 0", () => {
    expect(behaviour.safeParse({ scaleUp: { tolerance: "-1" } }).success).toBe(false);
    expect(behaviour.parse({ scaleUp: { tolerance: "500u" } }).scaleUp?.tolerance).toBeCloseTo(0.0005, 12);
  });
});
