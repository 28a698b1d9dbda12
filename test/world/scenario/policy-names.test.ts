import { describe, expect, it } from "vitest";
import { busyDocument, scenarioOf } from "../written-scenario.js";

function namesOf(...policies: readonly object[]): string[] {
  return scenarioOf({ ...busyDocument, policies }).policies.map(({ name }) => name);
}

describe("a policy without a name of its own", () => {
  it("has that of its kind, or of its module's file", () => {
    expect(namesOf({ kind: "hpa" }, { kind: "./own/mine.ts" })).toEqual(["hpa", "mine"]);
  });

  it("is seen to be a module where its file is called like a built-in kind", () => {
    expect(namesOf({ kind: "hpa" }, { kind: "./own/hpa.js" })).toEqual(["hpa", "hpa-module"]);
    expect(namesOf({ kind: "./kpa.mts" }, { kind: "./other/kpa.js" })).toEqual(["kpa-module", "kpa-module-2"]);
  });
});
