import { defineConfig } from "vitest/config";
import { slowTests } from "./test/tidy/test-tiers.js";

// `npm run mutation -- FILE`: the unit tests of the rooms whose figures are in docs/mutation.md.
export default defineConfig({
  test: {
    include: ["test/control/**/*.test.ts", "test/model/**/*.test.ts"],
    exclude: [...slowTests.keys()],
    isolate: false,
    testTimeout: 60_000,
  },
});
