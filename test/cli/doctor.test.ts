import { describe, expect, it } from "vitest";
import { machineParts } from "../../src/cli/machine-parts.js";

describe("headrace doctor", () => {
  const parts = machineParts();

  it("lists each part with what it enables, and how to get missing ones", () => {
    for (const { name, found, enables, state, remedy } of parts) {
      expect(found, name).not.toBe("");
      expect(enables, name).not.toBe("");
      if (state === "missing") expect(remedy, name).toMatch(/\S/);
    }
    expect(new Set(parts.map(({ name }) => name)).size).toBe(parts.length);
  });

  it("finds nothing wrong where the tests run, whatever is optional and missing", () => {
    expect(parts.filter(({ state, need }) => state === "missing" && need === "needed")).toEqual([]);
  });

  it("refuses a Node that is too old", () => {
    const [node] = machineParts("20.18.1");
    expect(node).toMatchObject({ name: "Node", state: "missing", need: "needed" });
    expect(machineParts("22.0.0")[0].state).toBe("works");
  });
});
