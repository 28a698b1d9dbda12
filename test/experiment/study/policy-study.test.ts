import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { sweepFrontiers } from "../../../src/experiment/frontier/frontier.js";
import { frontierDocument } from "../../../src/experiment/frontier/frontier-document.js";
import { resultSchema } from "../../../src/experiment/result-schema.js";
import { readScenario } from "../../../src/experiment/scenario-file.js";
import { frontierTables, settingsTable } from "../../../src/report/frontier-tables.js";

const FILE = fileURLToPath(new URL("../../../scenarios/policy-study.yaml", import.meta.url));

describe("the small policy study", () => {
  it("sweeps the shipped scenario and names the cheapest policy at the same violations", {
    timeout: 300_000,
  }, async () => {
    const scenario = await readScenario(FILE, {
      duration: "3h",
      replications: 2,
      policies: ["hpa tuned", "square-root", "predictive"],
    });
    const frontiers = await sweepFrontiers(scenario, { threads: 0 });
    const document = frontierDocument(scenario, frontiers);
    const [loose] = document.costAtSlo;
    expect(loose.rows.map((row) => row.policy)).toEqual(["hpa tuned", "square-root", "predictive"]);
    for (const row of loose.rows) expect(row.value?.value).toBeGreaterThan(0);
    expect(resultSchema.shape.frontier.parse(document)).toEqual(document);
    const tables = [...frontierTables(document), settingsTable(document)];
    for (const table of tables) for (const row of table.rows) expect(row).toHaveLength(table.head.length);
  });
});
