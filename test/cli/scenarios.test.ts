import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runExperiment } from "../../src/experiment/experiment.js";
import { loadUserModules } from "../../src/experiment/module-file.js";
import { resultSchema } from "../../src/experiment/result-schema.js";
import { readScenario } from "../../src/experiment/scenario-file.js";
import { root } from "./real-command.js";

const files = readdirSync(join(root, "scenarios")).filter((name) => name.endsWith(".yaml"));
/** Measured after the warm-up: enough for every policy to decide a few times. */
const MEASURED_MIN = 20;
const PATIENCE_MS = 300_000;

describe("the shipped scenario", () => {
  it.each(files)("%s runs, with one replication and 20 measured minutes", { timeout: PATIENCE_MS }, async (name) => {
    const file = join(root, "scenarios", name);
    const scenario = await readScenario(file);
    const duration = `${scenario.warmupMs / 60_000 + MEASURED_MIN}min`;
    const short = await readScenario(file, { duration, replications: 1 });
    await loadUserModules(short);
    const result = resultSchema.parse((await runExperiment(short, { threads: 0 })).document);
    expect(result.policies.map((policy) => policy.name)).toEqual(scenario.policies.map((policy) => policy.name));
    for (const { metrics } of result.policies) expect(metrics.arrivals.mean).toBeGreaterThan(0);
    expect(result.policies[0].metrics.cost?.halfWidth ?? null).toBeNull();
  });

  it.each(["evening-peak.yaml", "own-policy.yaml"])(
    "%s gives a forecasting policy two weeks of history",
    async (name) => {
      const { traffic } = await readScenario(join(root, "scenarios", name));
      expect(traffic.historyMs).toBeGreaterThanOrEqual(14 * 86_400_000);
    },
  );
});
