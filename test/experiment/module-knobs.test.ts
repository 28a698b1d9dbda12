import { describe, expect, it } from "vitest";
import { KnobReads, knobsFor } from "../../src/experiment/module-knobs.js";

describe("the knobs of a module that declares them", () => {
  const declared = { spare: 0.2, mode: "eager", cap: undefined };

  it("take their defaults where they are left out", () => {
    expect(knobsFor("m.js", declared, { spare: 0.5 })).toEqual({ spare: 0.5, mode: "eager", cap: undefined });
  });

  it.each([
    [{ spar: 0.5 }, /m.js: the knob "spar", .*does not declare.*Did you mean "spare"/],
    [{ constructor: 1 }, /the knob "constructor"/],
    [{ spare: "much" }, /the knob spare is a string \("much"\); expected a number, as its default 0.2/],
  ])("refuse %j", (given, message) => {
    expect(() => knobsFor("m.js", declared, given)).toThrow(message);
  });

  it("are refused as a whole when they are no object", () => {
    expect(() => knobsFor("m.js", ["spare"], {})).toThrow(/knobs is a list/);
  });
});

describe("the knobs of a module that does not declare them", () => {
  it("are known to be read, one by one or all at once", () => {
    const reads = new KnobReads();
    const knobs = reads.watched({ spare: 1, mode: 2, rest: 3 });
    expect([knobs.spare, "mode" in knobs, knobs.absent]).toEqual([1, true, undefined]);
    expect(reads.unread).toEqual(["rest"]);
    expect({ ...knobs }).toEqual({ spare: 1, mode: 2, rest: 3 });
    expect(reads.unread).toEqual([]);
  });
});
