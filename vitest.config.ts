import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: "./test/build.ts",
    reporters: ["default", "./test/count-reporter.ts"],
    // Real processes, browsers and whole experiments; a machine that is busy with other work must not make them fail.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
