import { describe, expect, it } from "vitest";
import { parseYaml, parseYamlStream } from "../../src/traffic/yaml-text.js";

describe("parseYaml", () => {
  it.each([
    ["an anchor inside itself", "a: 1\nb: &x\n  - *x\n", /t.yaml:3:5: the anchor &x inside itself/],
    ["an anchor in a deeper part of itself", "b: &x {c: {d: [*x]}}\n", /t.yaml:1:16: the anchor &x/],
    ["the key __proto__", "a:\n  __proto__: {b: 1}\n", /t.yaml:2:3: the key __proto__/],
    ["a key that is a map", "? {a: 1}\n: 2\n", /t.yaml:1:3: a key that is a list or a map/],
    ["a second document", "a: 1\n---\nb: 2\n", /t.yaml:2:1: a second YAML document/],
  ])("refuses %s with its place", (_name, text, message) => {
    expect(() => parseYaml("t.yaml", text)).toThrow(message);
  });

  it("takes an anchor that is used beside itself, and names such as constructor", () => {
    const { value } = parseYaml("t.yaml", "a: &x {b: 1}\nc: *x\nconstructor: *x\ntoString: 2\n");
    expect(value).toEqual({ a: { b: 1 }, c: { b: 1 }, constructor: { b: 1 }, toString: 2 });
  });

  it("reads a stream of documents, each with its places, without the empty ones", () => {
    const documents = parseYamlStream("t.yaml", "---\na: 1\n---\n---\nb: 2\n---\n");
    expect(documents.map(({ value }) => value)).toEqual([{ a: 1 }, { b: 2 }]);
    expect(documents[1].place(["b"], true)).toEqual({ file: "t.yaml", line: 5, column: 1 });
  });
});
