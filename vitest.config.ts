import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { SlowFirst } from "./test/slow-first.js";
import { type Part, partOf, testFiles } from "./test/tidy/test-tiers.js";

const files = testFiles(fileURLToPath(new URL(".", import.meta.url)));
// One file more than there are cores: a fifth of the time, a test waits for a process, a browser or
// a timer (993 of 1,268 core seconds on two cores were used).
const workers = availableParallelism() + 1;

function project(part: Part, maxWorkers: number, isolate: boolean, groupOrder: number) {
  const include = files.filter((file) => partOf(file) === part);
  const setupFiles = isolate ? [] : ["./test/unlocked.ts"];
  return {
    extends: true as const,
    test: { name: part, include, maxWorkers, isolate, setupFiles, sequence: { groupOrder } },
  };
}

export default defineConfig({
  test: {
    // Side by side; after them, one at a time, the tests that measure the machine.
    projects: [
      project("sharing", workers, false, 0),
      project("isolated", workers, true, 0),
      project("alone", 1, true, 1),
    ],
    sequence: { sequencer: SlowFirst },
    globalSetup: "./test/build.ts",
    reporters: ["default", "./test/count-reporter.ts"],
    // In CI one more attempt: real processes share a machine with strangers there. The closing lines
    // name each test that needed it.
    retry: process.env.CI === "true" ? 1 : 0,
    // Real processes, browsers and whole experiments; a machine that is busy with other work must
    // not make them fail.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
