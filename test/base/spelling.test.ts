import { describe, expect, it } from "vitest";
import { InputError } from "../../src/base/errors.js";
import { closest } from "../../src/base/spelling.js";

describe("did you mean", () => {
  const keys = ["traffic", "streams", "fleet", "faults", "gateway", "balancer", "policies", "replications"];

  it.each([
    ["trafic", "traffic"],
    ["fleat", "fleet"],
    ["balnacer", "balancer"],
    ["Policies", "policies"],
    ["replication", "replications"],
    ["getaway", "gateway"],
  ])("%s: %s", (word, wanted) => expect(closest(word, keys)).toBe(wanted));

  it("guesses nothing where nothing is near, and takes two neighbours in the wrong order for one slip", () => {
    expect(closest("cheese", keys)).toBeUndefined();
    expect(closest("x", keys)).toBeUndefined();
    expect(closest("", keys)).toBeUndefined();
    expect(closest("ms", ["sm", "kB"])).toBe("sm");
    expect(closest("anything", [])).toBeUndefined();
  });
});

describe("an input fault", () => {
  it("names the place, what was got, what was expected and what to do, one line for each fault", () => {
    const error = new InputError(
      {
        code: "HR1203",
        where: { file: "x.yaml", line: 3, column: 7 },
        got: '"10 minuets"',
        expected: "a duration",
        remedy: "Mend it",
      },
      [{ code: "HR1109", where: "y.csv", got: "no row" }],
    );
    expect(error.message).toBe(
      'x.yaml:3:7: "10 minuets"; expected a duration. Mend it [HR1203]\ny.csv: no row [HR1109]',
    );
    expect(error).toMatchObject({ name: "InputError", others: [{ got: "no row" }] });
    expect(new InputError({ code: "HR1101", where: { file: "z", column: 4 }, got: "g" }).message).toBe("z: g [HR1101]");
  });
});
