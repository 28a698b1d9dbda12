import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { runExperiment } from "../../src/experiment/experiment.js";
import { readScenario } from "../../src/experiment/scenario-file.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = join(root, "scenarios/examples");
const page = readFileSync(join(root, "docs/examples.md"), "utf8");

describe.each(readdirSync(folder))("scenarios/examples/%s", (name) => {
  it("simulates under each of its policies", { timeout: 120_000 }, async () => {
    const scenario = await readScenario(join(folder, name), { duration: "150min", replications: 1 });
    const { document } = await runExperiment(scenario, { threads: 0 });
    expect(document.policies.length).toBeGreaterThan(1);
    for (const { metrics, slo, failures } of document.policies) {
      expect(metrics.arrivals.mean).toBeGreaterThan(50);
      expect(metrics.cost.mean).toBeGreaterThan(0);
      expect(slo?.of).toBe(1);
      expect(failures).toBeUndefined();
    }
  });

  it("has a paragraph in the docs on what it teaches", () => {
    const [, paragraph = ""] = page.split(`(../scenarios/examples/${name})`);
    expect(paragraph.split("\n## ")[0]).toMatch(/\*It teaches\*/);
  });
});
