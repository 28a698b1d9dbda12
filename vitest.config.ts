import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { SlowFirst } from "./test/slow-first.js";
import { type Part, partOf, testFiles } from "./test/tidy/test-tiers.js";

const files = testFiles(fileURLToPath(new URL(".", import.meta.url)));
const cores = availableParallelism();

function project(part: Part, maxWorkers: number, isolate: boolean, groupOrder: number) {
  const include = files.filter((file) => partOf(file) === part);
  return { extends: true as const, test: { name: part, include, maxWorkers, isolate, sequence: { groupOrder } } };
}

export default defineConfig({
  test: {
    // One file per core; after them, one at a time, the tests that measure the machine.
    projects: [
      project("sharing", cores, false, 0),
      project("isolated", cores, true, 0),
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
