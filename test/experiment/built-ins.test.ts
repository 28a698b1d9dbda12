import { createContext, runInContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { lockBuiltIns } from "../../src/experiment/built-ins.js";

/** Built-ins of their own, so that those of the test stay as they are. */
const realm = createContext({ queueMicrotask, setTimeout });
const run = (code: string): unknown => runInContext(code, realm);
lockBuiltIns(run("globalThis") as object);

describe("locked built-ins", () => {
  it.each([
    ["JSON.stringify = () => ''", /stringify/],
    ["Math.max = () => 0", /max/],
    ["Math.random = () => 0.5", /random/],
    ["Math.extra = 1", /extra/],
    ["Object.defineProperty(Math, 'min', { value: () => 0 })", /min/],
    ["delete Math.min", /min/],
    ["Date.now = () => 0", /now/],
    ["Date.prototype.getTime = () => 0", /getTime/],
    ["Map.prototype.get = () => 1", /get/],
    ["Set.prototype.has = () => true", /has/],
    ["Array.prototype.map = () => []", /map/],
    ["Array.prototype[Symbol.iterator] = function* () {}", /Symbol\.iterator/],
    ["Object.getPrototypeOf([].values()).next = () => ({ done: true })", /next/],
    ["Object.getPrototypeOf(new Map().entries()).next = () => ({ done: true })", /next/],
    ["Array.prototype.last = () => 1", /last/],
    ["Float64Array.from = () => 1", /from/],
    ["Float64Array.prototype.extra = () => 1", /extra/],
    ["Object.keys = () => []", /keys/],
    ["Object.prototype.toString = () => ''", /toString.* of Object\.prototype/],
    ["Object.defineProperty(Object.prototype, 'toString', { value: () => '' })", /toString/],
    ["Object.prototype.extra = 1", /extra/],
    ["Function.prototype.call = () => 1", /call.* of Function\.prototype/],
    ["RegExp.prototype.exec = () => null", /exec.* of RegExp\.prototype/],
    ["Promise.prototype.then = () => 1", /then.* of Promise\.prototype/],
    ["Promise.resolve = () => 1", /resolve/],
    ["Error.captureStackTrace = () => 1", /captureStackTrace/],
  ])("are not replaced: %s", (patch, message) => {
    expect(() => run(`"use strict"; ${patch}`)).toThrow(message);
    expect(run(`try { ${patch} } catch {}; Math.max(2, [1].map((x) => x + 2)[0])`)).toBe(3);
  });

  it.each(["Math", "Map", "JSON", "Date", "Promise", "Error"])("are not replaced as a whole: %s", (name) => {
    const own = run(name);
    expect(() => run(`"use strict"; globalThis.${name} = class {}`)).toThrow(new RegExp(name));
    expect(run(name)).toBe(own);
  });

  it("let a program give its own objects, functions, errors and promises any method", () => {
    const code = `"use strict";
      const own = {}; own.toString = () => "own";
      const called = () => 1; called.call = () => "called"; called.toString = () => "text";
      const error = new Error("x"); error.toString = () => "error";
      const promise = Promise.resolve(1); promise.then = () => "then";
      function Old() {} Old.prototype = Object.create(Error.prototype); Old.prototype.constructor = Old;
      class Far extends Map { get(key) { return key; } }
      [String(own), called.call(), String(called), String(error), promise.then(), new Old().constructor.name,
        new Far().get(3), Object.keys(own).join()].join(" ")`;
    expect(run(code)).toBe("own called text error then Old 3 toString");
  });

  it("work as they did before", () => {
    const code = `[Object.prototype.toString.call([]), /b+/.exec("abb")[0], [..."ab"].join("-"),
      String(new TypeError("t")),
      Math.max.apply(null, [1, 2]), ({}).hasOwnProperty("x"), ((a) => a).bind(null, 4)(), [...new Map([[1, 2]])].length,
      "a1".replace(/\\d/, "-"), Object.keys(Object.prototype).length].join(" ")`;
    expect(run(code)).toBe("[object Array] bb a-b TypeError: t 2 false 4 1 a- 0");
  });

  it("let Vega-Lite, which is loaded after a run, add to Set what it needs", () => {
    expect(run(`"use strict"; Set.prototype.toJSON = () => "set"; JSON.stringify(new Set())`)).toBe('"set"');
  });

  it("can be locked twice", () => {
    expect(() => lockBuiltIns(run("globalThis") as object)).not.toThrow();
  });
});
