import { describe, expect, it } from "vitest";
import { scenarioJsonSchema } from "../../../src/world/scenario/json-schema.js";

type Node = Readonly<Record<string, unknown>>;

/** The numbers below a node that name no largest value, by path. */
function unbounded(node: unknown, path: string): string[] {
  if (node === null || typeof node !== "object") return [];
  const { type, maximum, exclusiveMaximum, const: only } = node as Node;
  const isOpen = (type === "number" || type === "integer") && (maximum ?? exclusiveMaximum ?? only) === undefined;
  const below = Object.entries(node).flatMap(([key, value]) => unbounded(value, `${path}/${key}`));
  return isOpen ? [path, ...below] : below;
}

describe("the JSON Schema of a scenario", () => {
  it("names a largest value of each number, since sums and products must stay finite", () => {
    // A plan's ranges are numbers of any key: that key's own bound holds for each value tried.
    const ranges = /^\/\$defs\/\w+(?:\/anyOf\/0|\/0)?$/;
    expect(unbounded(scenarioJsonSchema(), "").filter((path) => !ranges.test(path))).toEqual([]);
  });
});
