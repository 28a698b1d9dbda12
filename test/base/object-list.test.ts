import { setFlagsFromString } from "node:v8";
import { describe, expect, it } from "vitest";
import { objectList } from "../../src/base/object-list.js";

/** Whether V8 has this list down as one of small integers. */
function hasIntegers(list: readonly unknown[]): boolean {
  setFlagsFromString("--allow-natives-syntax");
  try {
    return new Function("list", "return %HasSmiElements(list)")(list) as boolean;
  } finally {
    setFlagsFromString("--no-allow-natives-syntax");
  }
}

describe("a list of objects", () => {
  it("begins empty, and is filled like any other", () => {
    const list = objectList<{ readonly n: number }>();
    expect(list).toEqual([]);
    list.push({ n: 1 });
    expect(list).toEqual([{ n: 1 }]);
  });

  it("is one to V8 from the start; a literal is a list of integers", () => {
    expect([hasIntegers([]), hasIntegers(objectList())]).toEqual([true, false]);
  });
});
