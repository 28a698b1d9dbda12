// Five small grids: the answer of `headrace plan` against running every design on every day of
// its search, with the events of both. `npx tsx test/bench/plan-grids.ts`, about five minutes.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { planScenario } from "../../src/experiment/plan/plan.js";
import { readQuestion } from "../../src/experiment/plan/question.js";
import { readScenario } from "../../src/experiment/scenario-file.js";
import { simulate } from "../../src/world/simulate.js";
import { noUserModules } from "../../src/world/user-modules.js";
import { type Grid, grids, gridText } from "../experiment/plan/grids.js";

const DAYS = 59;
const folder = mkdtempSync(join(tmpdir(), "headrace-grids-"));

process.stdout.write(
  "| grid | designs | plan | cost above the exhaustive | events " +
    "of the exhaustive | fallback |\n|---|---|---|---|---|---|\n",
);
try {
  for (const grid of grids) process.stdout.write(`${await rowOf(grid)}\n`);
} finally {
  rmSync(folder, { recursive: true });
}

async function rowOf(grid: Grid): Promise<string> {
  const file = join(folder, "grid.yaml");
  writeFileSync(file, gridText(grid));
  const plan = await planScenario(await readQuestion(file));
  const all = await exhaustive(file, grid);
  const own = all.designs.find(({ values }) =>
    Object.entries(plan.values).every(([path, value]) => values.get(path) === value),
  );
  const best = Math.min(...all.designs.filter(({ met }) => met).map(({ cost }) => cost));
  const above = own === undefined ? Number.NaN : own.cost / best - 1;
  const fallback = plan.fallback.map(({ path, reason }) => `${path}: ${reason}`).join("; ");
  const values = Object.values(plan.values).join(", ");
  return (
    `| ${grid.name} | ${all.designs.length} | ${values} | ${(100 * above).toFixed(2)} ` +
    `% | ${((100 * plan.events) / all.events).toFixed(1)} % | ${fallback} |`
  );
}

async function exhaustive(file: string, grid: Grid) {
  let events = 0;
  const designs: { readonly values: Map<string, number | string>; readonly met: boolean; readonly cost: number }[] = [];
  const [[pathA, listA], [pathB, listB]] = grid.variables;
  for (const a of listA)
    for (const b of listB) {
      const values = [
        { path: pathA, value: a },
        { path: pathB, value: b },
      ];
      const scenario = await readScenario(file, { values });
      const runs = Array.from({ length: DAYS }, (_, r) => simulate(scenario, scenario.policies[0], r, noUserModules));
      events += runs.reduce((sum, run) => sum + run.events, 0);
      const cost = runs.reduce((sum, run) => sum + run.metrics.cost, 0) / DAYS;
      designs.push({
        values: new Map([
          [pathA, a],
          [pathB, b],
        ]),
        met: runs.every(({ slo }) => slo?.met === true),
        cost,
      });
    }
  return { events, designs };
}
