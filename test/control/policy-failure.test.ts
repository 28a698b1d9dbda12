import { describe, expect, it } from "vitest";
import { PolicyFailure, placeOfThrown, textOfThrown } from "../../src/control/policy-failure.js";

const noText = "an error without text";

describe("the text of a thrown value", () => {
  it.each<[string, unknown, string]>([
    ["an error", new Error("no such pool"), "no such pool"],
    ["an error of several lines", new Error("first\nsecond\nthird"), "first"],
    ["an error with spaces around its text", new Error("  padded \t"), "padded"],
    ["an object with a message", { message: 42 }, "42"],
    ["a text", "just a text", "just a text"],
    ["a number", 0, "0"],
    ["an error without a message", new Error(""), noText],
    ["an error that is blank", new Error(" \t "), noText],
    ["an object without a message", { code: 7 }, noText],
    ["an object whose message is null", { message: null }, noText],
    ["an object whose message is a symbol", { message: Symbol("hidden") }, noText],
    ["a function", Object.assign(() => 1, { toString: () => "a function" }), "a function"],
    ["null", null, noText],
    ["undefined", undefined, noText],
    ["a symbol", Symbol("hidden"), noText],
  ])("of %s is its first line, or says that there is none", (_, thrown, text) => {
    expect(textOfThrown(thrown)).toBe(text);
  });

  it("has 200 characters at most", () => {
    expect(textOfThrown("x".repeat(200))).toBe("x".repeat(200));
    expect(textOfThrown(`${"x".repeat(199)}yz`)).toBe(`${"x".repeat(199)}y`);
  });

  it("says that there is none where reading it throws", () => {
    const thrown = {
      get message(): string {
        throw new Error("again");
      },
    };
    expect(textOfThrown(thrown)).toBe(noText);
  });
});

describe("the place of a thrown value", () => {
  const module = "policies/mine.js";
  const withStack = (...lines: string[]): { stack: string } => ({ stack: ["Error: no", ...lines].join("\n") });

  it.each([
    ["in a function", "    at decide (/srv/scenarios/policies/mine.js:12:34)"],
    ["at the top of a module", "    at /srv/scenarios/policies/mine.js:12:34"],
    ["at a file address", "    at decide (file:///srv/scenarios/policies/mine.js:12:34)"],
    ["at a file address with a query", "    at file:///srv/scenarios/policies/mine.js?run=7:12:34"],
    ["with blanks after it", "    at /srv/scenarios/policies/mine.js:12:34   "],
  ])("is read from a frame %s", (_, frame) => {
    expect(placeOfThrown(withStack(frame), module)).toBe("policies/mine.js:12:34");
  });

  it("is the first frame that names the file, and no file whose name only ends alike", () => {
    const stack = withStack(
      "    at node:internal/process:1:1",
      "    at other (/srv/scenarios/policies/not-mine.js:1:2)",
      "    at inner (/srv/scenarios/policies/mine.js:3:4)",
      "    at outer (/srv/scenarios/policies/mine.js:5:6)",
    );
    expect(placeOfThrown(stack, module)).toBe("policies/mine.js:3:4");
    expect(placeOfThrown(stack, "mine.js")).toBe("mine.js:3:4");
  });

  it("is found by the file's name, wherever the module's own path begins", () => {
    const stack = withStack("    at async Promise.all (index 0)", "    at /srv/scenarios/deep/er/mine.js:3:4");
    expect(placeOfThrown(stack, "../deep/er/mine.js")).toBe("../deep/er/mine.js:3:4");
  });

  it("is not read from the message, which is the first line", () => {
    const stack = { stack: "/srv/scenarios/policies/mine.js:1:2\n    at /srv/scenarios/policies/mine.js:3:4" };
    expect(placeOfThrown(stack, module)).toBe("policies/mine.js:3:4");
  });

  it.each<[string, unknown]>([
    ["null", null],
    ["undefined", undefined],
    ["a text", "no"],
    ["an error of another file", withStack("    at decide (/srv/scenarios/policies/other.js:1:2)")],
    ["a frame with more text after the place", withStack("    at /srv/scenarios/policies/mine.js:1:2 and so on")],
    ["a stack that is a list", { stack: ["Error", "    at /srv/scenarios/policies/mine.js:1:2"] }],
  ])("is unknown for %s", (_, thrown) => {
    expect(placeOfThrown(thrown, module)).toBeUndefined();
  });

  it("is unknown where reading the stack throws", () => {
    const thrown = {
      get stack(): string {
        throw new Error("again");
      },
    };
    expect(placeOfThrown(thrown, module)).toBeUndefined();
  });
});

describe("a policy failure", () => {
  it("is an error that has its kind, its text and its place", () => {
    const failure = new PolicyFailure("policy-threw", "no", "mine.js:1:2");
    expect(failure).toBeInstanceOf(Error);
    expect(failure).toMatchObject({ name: "PolicyFailure", kind: "policy-threw", message: "no", at: "mine.js:1:2" });
  });
});
