import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { isolatedTests, quickRooms, slowTests } from "./test/tidy/test-tiers.js";

const quick = quickRooms.map((room) => `test/${room}/**/*.test.ts`);
const isolated = [...isolatedTests.keys()].filter((file) => quickRooms.includes(file.split("/")[1]));

function project(name: string, include: string[], exclude: string[], isolate: boolean) {
  return { extends: true as const, test: { name, include, exclude: [...exclude, ...slowTests.keys()], isolate } };
}

// `npm run test:quick`: no global set-up, so nothing is built.
export default defineConfig({
  test: {
    // A test that locks the built-ins of its process, or counts calls of them, has its own.
    projects: [project("sharing", quick, isolated, false), project("isolated", isolated, [], true)],
    maxWorkers: availableParallelism(),
    reporters: ["default", "./test/count-reporter.ts"],
    testTimeout: 60_000,
  },
});
