import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { quickRooms, slowTests } from "./test/tidy/test-tiers.js";

// `npm run test:quick`: no global set-up, so nothing is built.
export default defineConfig({
  test: {
    include: quickRooms.map((room) => `test/${room}/**/*.test.ts`),
    exclude: [...slowTests.keys()],
    maxWorkers: availableParallelism(),
    isolate: false,
    reporters: ["default", "./test/count-reporter.ts"],
    testTimeout: 60_000,
  },
});
