import { describe, expect, it } from "vitest";
import { BinWatch } from "../../../src/control/trainer/bin-watch.js";

const kinds = (watch: BinWatch, values: readonly number[], median = 20, low = 5): string[] =>
  values.map((value) => watch.look(value, median, low).kind);

describe("the watch over bins", () => {
  it("takes what is no count as unknown, with the reason, and counts the outage", () => {
    const watch = new BinWatch();
    expect(watch.look(Number.NaN, 0, 0)).toEqual({ kind: "unknown", reason: "no-value" });
    expect(watch.look(-1, 0, 0)).toEqual({ kind: "unknown", reason: "no-value" });
    expect(watch.outageBins).toBe(2);
    expect(watch.look(3, 0, 0)).toEqual({ kind: "as-is" });
    expect(watch.outageBins).toBe(0);
  });

  it.each([
    ["20 requests were expected and at least a quarter was sure", 20, 5, "unknown"],
    ["fewer than 20 were expected", 19.9, 5, "as-is"],
    ["less than a quarter was sure", 20, 4.9, "as-is"],
  ])("doubts an empty bin where %s: %d, %d", (_, median, low, kind) => {
    const watch = new BinWatch();
    const verdict = watch.look(0, median, low);
    expect(verdict.kind).toBe(kind);
    if (verdict.kind === "unknown") expect(verdict.reason).toBe("empty-where-traffic-was-expected");
    expect(watch.outageBins).toBe(kind === "unknown" ? 1 : 0);
    expect(kinds(new BinWatch(), [1], median, low)).toEqual(["as-is"]);
  });

  it("accepts absent traffic after a dozen empty bins, until there is traffic", () => {
    const watch = new BinWatch();
    const zeros = new Array<number>(14).fill(0);
    expect(kinds(watch, zeros).filter((kind) => kind === "unknown")).toHaveLength(12);
    expect(kinds(watch, [0, Number.NaN, 0])).toEqual(["as-is", "unknown", "as-is"]);
    expect(kinds(watch, [5, 0])).toEqual(["as-is", "unknown"]);
    expect(watch.outageBins).toBe(1);
  });
});
