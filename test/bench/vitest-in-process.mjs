// Stands in for "vitest" in the bundle that direct-runner.mjs makes: collects the tests of a
// bundle instead of running them. It has what the tests of test/control and test/model import.
import { JestAsymmetricMatchers, JestChaiExpect, JestExtend } from "@vitest/expect";
import * as spies from "@vitest/spy";
import * as chai from "chai";

for (const plugin of [JestExtend, JestChaiExpect, JestAsymmetricMatchers]) chai.use(plugin);
export const expect = Object.assign((value, message) => chai.expect(value, message), chai.expect);
export const vi = spies;

/** Each test with its full name, in the order of the files. */
export const collected = [];
const names = [];
/** Hooks of the groups that are open, the outermost first. */
const hooks = [];

export function describe(name, body) {
  names.push(name);
  const outer = hooks.length;
  body();
  hooks.length = outer;
  names.pop();
}

export function afterEach(hook) {
  hooks.push(hook);
}

export function it(name, body) {
  const after = hooks.slice();
  const run = async () => {
    try {
      await body();
    } finally {
      for (const hook of after) await hook();
    }
  };
  collected.push({ name: [...names, name].join(" > "), run });
}

/** One call per row. A row that is a list is the arguments. */
const each = (collect) => (rows) => (name, body) =>
  rows.forEach((row, i) => {
    collect(`${name} #${i}`, () => (Array.isArray(row) ? body(...row) : body(row)));
  });
describe.each = each(describe);
it.each = each(it);
