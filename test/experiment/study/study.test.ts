import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { ablationArms, guardArms, mainArms } from "../../../src/experiment/study/arms.js";
import { armFrontiers } from "../../../src/experiment/study/study.js";
import type { StudyDocument } from "../../../src/experiment/study/study-document.js";
import { groupVerdicts } from "../../../src/experiment/study/verdicts.js";
import { flashCrowdCsv, shippedTraces, studyScenario } from "../../../src/experiment/study/worlds.js";
import { studyTables, writeStudyReport } from "../../../src/report/study-page.js";

const TRACES = fileURLToPath(new URL("../../../traces", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "headrace-study-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the policy study", () => {
  it("gives every arm of a world the same traffic, the equalised ones the same balancer and retirement", async () => {
    const world = { traffic: shippedTraces[0], spawn: "30s" };
    const packed = mainArms.filter((arm) => arm.balancer === "packing");
    const scenario = await studyScenario(world, packed, TRACES, 2);
    expect(scenario.balancer.kind).toBe("packing");
    for (const policy of scenario.policies)
      expect(policy.scaleIn).toEqual({ victims: "emptiest", undrain: true, lazy: true });
    const spread = mainArms.filter((arm) => arm.balancer === "least-connections");
    const shipped = await studyScenario(world, spread, TRACES, 2);
    expect(shipped.traffic).toEqual(scenario.traffic);
    expect(shipped.policies.find((policy) => policy.kind === "hpa")?.scaleIn).toMatchObject({
      victims: "newest",
      lazy: false,
    });
  });

  it("reads every arm", async () => {
    for (const arm of [...mainArms, ...ablationArms, ...guardArms]) {
      const scenario = await studyScenario({ traffic: shippedTraces[0], spawn: "2min" }, [arm], TRACES, 1);
      expect(scenario.policies).toHaveLength(1);
    }
  });

  it("makes flash crowds of which the history has none", () => {
    const rows = flashCrowdCsv()
      .trim()
      .split("\n")
      .slice(1)
      .map((row) => Number(row.split(",")[1]));
    expect(rows).toHaveLength(18 * 1440);
    expect(Math.max(...rows.slice(0, 14 * 1440))).toBe(100);
    for (let day = 14; day < 18; day++)
      expect(Math.max(...rows.slice(day * 1440, (day + 1) * 1440))).toBeGreaterThanOrEqual(300);
  });

  it("comes from traces to verdicts and a report, losses as plain as wins", { timeout: 300_000 }, async () => {
    const traffic = { ...shippedTraces[0], days: 0.125 };
    const arms = mainArms.filter((arm) =>
      ["hpa", "hpa, equalised and tuned", "square-root", "predictive"].includes(arm.name),
    );
    const shares: number[] = [];
    const options = { threads: 0, onProgress: (share: number) => shares.push(share) };
    const frontiers = await armFrontiers({ traffic, spawn: "30s" }, arms, TRACES, { coarse: 1, fine: 2 }, options);
    expect(frontiers.map((one) => one.name)).toEqual(arms.map((arm) => arm.name));
    for (const { settings } of frontiers) for (const setting of settings) expect(setting.cost).toHaveLength(2);
    expect(shares.every((share, i) => i === 0 || share >= shares[i - 1])).toBe(true);
    const verdicts = groupVerdicts(frontiers, ["shipped", "equalised", "square-root"]);
    expect(verdicts.map((verdict) => verdict.bestLoose)).toEqual(["hpa", "hpa, equalised and tuned", "square-root"]);
    const document: StudyDocument = {
      version: "0",
      replications: 2,
      seed: 1,
      worlds: [{ key: traffic.key, title: traffic.title, spawn: "30s", frontiers, verdicts }],
      guard: [],
      ablation: [{ name: "without", spawn: "30s", violation: 0.01, cost: { [traffic.key]: null } }],
      map: [{ spawn: "30s", steepness: 0.26, reactive: "square-root", cost: { value: -0.01, halfWidth: 0.002, n: 2 } }],
    };
    for (const table of studyTables(document))
      for (const row of table.rows) expect(row).toHaveLength(table.head.length);
    expect(studyTables(document).flatMap(({ rows }) => rows)).toContainEqual(["30s", "−1.00 ± 0.20 % (square-root)"]);
    await writeStudyReport(document, folder, "npm run study");
    expect(readdirSync(folder).sort()).toEqual(["charts", "index.html", "study.json", "summary.md"]);
    expect(JSON.parse(readFileSync(join(folder, "study.json"), "utf8"))).toEqual(JSON.parse(JSON.stringify(document)));
  });
});
