import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: "./test/build.ts",
    reporters: ["default", "./test/count-reporter.ts"],
    // Real processes, browsers and whole experiments; a machine that is busy with other work must not make them fail.
    // In CI one more attempt: real processes share a machine with strangers there. The closing lines name each test that needed it.
    retry: process.env.CI === "true" ? 1 : 0,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
