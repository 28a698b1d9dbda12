import { describe, expect, it } from "vitest";
import { singleServerSetupResponseMs } from "../../../src/base/setup-queues.js";
import { studentQuantile } from "../../../src/base/student.js";
import { fixedSpawnReference } from "../../../src/experiment/validate/fixed-spawn-reference.js";

describe("the second implementation of fixed spawn times", () => {
  it("gives Welch's exact response and the renewal share of setup time for one server", async () => {
    const queue = { servers: 1, load: 0.5, spawnS: 10, replications: 30, windowS: 20_000, warmupS: 500 };
    const { responseS, spawning } = await fixedSpawnReference(queue, 1, 1, undefined);
    const quantile = studentQuantile(0.9995, 29);
    const exact = singleServerSetupResponseMs(0.5, 1, 10, 0);
    expect(Math.abs(responseS.mean - exact)).toBeLessThan(quantile * responseS.standardError);
    expect(quantile * responseS.standardError).toBeLessThan(0.02 * exact);
    expect(Math.abs(spawning.mean - 0.5 / (1 + 1 / 5))).toBeLessThan(quantile * spawning.standardError);
  });

  it("keeps the plain load on and never starts more than there are servers", async () => {
    const queue = { servers: 4, load: 3, spawnS: 2, replications: 4, windowS: 5_000, warmupS: 100 };
    const { responseS, spawning } = await fixedSpawnReference(queue, 1, 1, undefined);
    expect(responseS.mean).toBeGreaterThan(1);
    expect(spawning.mean).toBeGreaterThan(0);
    expect(spawning.mean).toBeLessThan(1);
  });

  it("repeats by seed, differs between seeds, and stops when it is aborted", async () => {
    const queue = { servers: 3, load: 2, spawnS: 5, replications: 3, windowS: 200, warmupS: 10 };
    const once = await fixedSpawnReference(queue, 5, 0.5, undefined);
    expect(await fixedSpawnReference(queue, 5, 0.5, undefined)).toEqual(once);
    expect(await fixedSpawnReference(queue, 6, 0.5, undefined)).not.toEqual(once);
    await expect(fixedSpawnReference(queue, 5, 1, AbortSignal.abort())).rejects.toThrow();
  });
});
