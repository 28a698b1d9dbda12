import { defineConfig } from "vitest/config";
import { slowTests } from "./test/tidy/test-tiers.js";

// `npm run mutation -- FILE`: the unit tests of the rooms whose figures are in docs/mutation.md.
// HEADRACE_MUTATION_TESTS="test/control/*.test.ts test/model/*.test.ts" takes only those: the files
// at the top of control and model need no test of a policy or a forecaster.
const everything = ["test/control/**/*.test.ts", "test/model/**/*.test.ts"];
const chosen = process.env.HEADRACE_MUTATION_TESTS?.split(" ") ?? everything;

export default defineConfig({
  test: { include: chosen, exclude: [...slowTests.keys()], isolate: false, testTimeout: 60_000 },
});
