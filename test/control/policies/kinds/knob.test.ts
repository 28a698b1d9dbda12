import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  described,
  type Knob,
  list,
  object,
  optional,
  optionals,
  ordered,
} from "../../../../src/control/policies/kinds/knob.js";
import {
  choice,
  count,
  duration,
  flag,
  literal,
  name,
  number,
  positiveCount,
  positiveDuration,
  ratio,
} from "../../../../src/control/policies/kinds/knob-values.js";
import { knobSchemas } from "../../../../src/world/scenario/schema/policies/knob-schema.js";

/** The written values that a knob takes. */
function taken(knob: Knob, values: readonly unknown[]): unknown[] {
  const schema = z.object(knobSchemas({ knob: described("A knob.", knob) }));
  return values.filter((value) => schema.safeParse({ knob: value }).success);
}

describe("a description of a knob", () => {
  const plain: Knob = { type: "boolean" };

  it("is the knob with one more fact, and leaves the knob as it was", () => {
    expect(described("Whether.", plain)).toEqual({ type: "boolean", about: "Whether." });
    expect(optional(plain)).toEqual({ type: "boolean", optional: true });
    expect(ordered("falling", plain)).toEqual({ type: "boolean", order: "falling" });
    expect(optionals({ a: described("A.", plain), b: described("B.", ratio) })).toEqual({
      a: { type: "boolean", about: "A.", optional: true },
      b: { type: "number", least: 0, most: 1, about: "B.", optional: true },
    });
    expect(plain).toEqual({ type: "boolean" });
  });

  it("has only the bounds and the check that are given", () => {
    expect(list(plain)).toStrictEqual({ type: "list", of: plain });
    expect(list(plain, 1)).toStrictEqual({ type: "list", of: plain, least: 1 });
    expect(list(plain, undefined, 9)).toStrictEqual({ type: "list", of: plain, most: 9 });
    const check = () => undefined;
    expect(object({})).toStrictEqual({ type: "object", keys: {} });
    expect(object({}, check)).toStrictEqual({ type: "object", keys: {}, check });
  });
});

describe("the values of a knob", () => {
  it("are numbers within their bounds", () => {
    expect(taken(count, [-1, 0, 3, 1.5])).toEqual([0, 3]);
    expect(taken(positiveCount, [0, 1, 3, 1.5])).toEqual([1, 3]);
    expect(taken(ratio, [-0.1, 0, 0.5, 1, 1.1])).toEqual([0, 0.5, 1]);
    expect(taken(number(), [-1, 0.5, "1", 1e12, 2e12])).toEqual([-1, 0.5, 1e12]);
    expect(taken(number({ above: 0, below: 1 }), [0, 0.5, 1])).toEqual([0.5]);
  });

  it("are durations with their unit, where positive ones are asked for not 0", () => {
    expect(taken(duration, ["0s", "5min", true])).toEqual(["0s", "5min"]);
    expect(taken(positiveDuration, ["0s", "5min", true])).toEqual(["5min"]);
  });

  it("are words of a list, one word, names with a letter, and yes or no", () => {
    expect(taken(choice("Max", "Min"), ["Max", "Min", "", "max"])).toEqual(["Max", "Min"]);
    expect(taken(literal("cron"), ["cron", "", "resource"])).toEqual(["cron"]);
    expect(taken(name, ["", "a", 3])).toEqual(["a"]);
    expect(taken(flag, [true, false, "yes", 1])).toEqual([true, false]);
  });
});
