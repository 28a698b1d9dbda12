// A test runner for Stryker: bundles the tests of HEADRACE_MUTATION_TESTS once, and runs them in
// its own process. A mutant takes milliseconds instead of the second that Vitest needs to start
// anew. `npm run mutation -- FILE --testRunner direct`.
import { createRequire } from "node:module";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { compileFunction } from "node:vm";
import { INSTRUMENTER_CONSTANTS } from "@stryker-mutator/api/core";
import { declareClassPlugin, PluginKind } from "@stryker-mutator/api/plugin";
import {
  DryRunStatus,
  determineHitLimitReached,
  TestStatus,
  toMutantRunResult,
} from "@stryker-mutator/api/test-runner";
import { build } from "esbuild";

const VITEST = fileURLToPath(new URL("vitest-in-process.mjs", import.meta.url));
const { ACTIVE_MUTANT, CURRENT_TEST_ID, HIT_COUNT, HIT_LIMIT, MUTATION_COVERAGE_OBJECT, NAMESPACE } =
  INSTRUMENTER_CONSTANTS;

/** A `TestRunner` of Stryker. */
export class DirectRunner {
  static inject = [];
  #files;
  /** Evaluates the bundle; returns its tests. */
  #load;
  /** The tests of the latest evaluation without an active mutant. */
  #tests = [];
  /** What the mutated code reads and counts in. */
  #space;

  constructor(files = process.env.HEADRACE_MUTATION_TESTS?.split(" ").filter(Boolean) ?? []) {
    this.#files = files;
    globalThis[NAMESPACE] ??= {};
    this.#space = globalThis[NAMESPACE];
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    if (this.#files.length === 0 || this.#files.some((file) => file.includes("*")))
      throw new Error("--testRunner direct: name each test file in HEADRACE_MUTATION_TESTS, without *");
    const code = await bundleOf(this.#files);
    const evaluate = compileFunction(code, ["require", "module"], { filename: "tests.cjs" });
    const require = createRequire(import.meta.url);
    this.#load = () => {
      const module = { exports: {} };
      evaluate(require, module);
      return module.exports.collected;
    };
  }

  async dryRun() {
    this.#space[MUTATION_COVERAGE_OBJECT] = { static: {}, perTest: {} };
    this.#tests = this.#load();
    const tests = [];
    for (const [i, test] of this.#tests.entries()) {
      this.#space[CURRENT_TEST_ID] = String(i);
      tests.push(await resultOf(String(i), test));
    }
    this.#space[CURRENT_TEST_ID] = undefined;
    return { status: DryRunStatus.Complete, tests, mutantCoverage: this.#space[MUTATION_COVERAGE_OBJECT] };
  }

  async mutantRun({ activeMutant, testFilter, hitLimit, mutantActivation }) {
    if (this.#tests.length === 0) this.#tests = this.#load();
    this.#space[HIT_COUNT] = hitLimit === undefined ? undefined : 0;
    this.#space[HIT_LIMIT] = hitLimit;
    this.#space[ACTIVE_MUTANT] = activeMutant.id;
    try {
      const found = await this.#firstFailure(testFilter, mutantActivation === "static");
      const limit = determineHitLimitReached(this.#space[HIT_COUNT], hitLimit);
      return toMutantRunResult(limit ?? { status: DryRunStatus.Complete, tests: found });
    } finally {
      this.#space[ACTIVE_MUTANT] = undefined;
      this.#space[HIT_COUNT] = undefined;
    }
  }

  /** Results up to the first test that fails. A bundle that cannot be evaluated fails as a whole. */
  async #firstFailure(testFilter, isStatic) {
    let tests = this.#tests;
    try {
      if (isStatic) tests = this.#load();
    } catch (error) {
      return [failure("load", "evaluation of the tests", error)];
    }
    const results = [];
    for (const id of testFilter ?? tests.keys()) {
      const test = tests[Number(id)];
      if (test === undefined) return [failure(String(id), "a test that is no longer there", "missing")];
      results.push(await resultOf(String(id), test));
      if (results.at(-1).status === TestStatus.Failed) return results;
    }
    return results;
  }
}

async function resultOf(id, test) {
  const from = performance.now();
  try {
    await test.run();
  } catch (error) {
    return failure(id, test.name, error);
  }
  return { id, name: test.name, status: TestStatus.Success, timeSpentMs: performance.now() - from };
}

function failure(id, name, error) {
  const failureMessage = error instanceof Error ? error.message : String(error);
  return { id, name, status: TestStatus.Failed, failureMessage, timeSpentMs: 0 };
}

/** One script with all test files, from the sandbox of Stryker that this process runs in. */
async function bundleOf(files) {
  const imports = files.map((file) => `import ${JSON.stringify(resolve(file))};`);
  const contents = [...imports, `export { collected } from ${JSON.stringify(VITEST)};`].join("\n");
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: dirname(VITEST) },
    bundle: true,
    write: false,
    format: "cjs",
    platform: "node",
    target: "node20",
    logLevel: "error",
    alias: { vitest: VITEST },
  });
  return outputFiles[0].text;
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, "direct", DirectRunner)];
