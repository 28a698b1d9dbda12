import { describe, expect, it } from "vitest";
import { planScenario } from "../../../src/experiment/plan/plan.js";
import { readQuestion } from "../../../src/experiment/plan/question.js";
import { readScenario } from "../../../src/experiment/scenario-file.js";
import { simulate } from "../../../src/world/simulate.js";
import { noUserModules } from "../../../src/world/user-modules.js";
import { type Grid, grids, gridText } from "./grids.js";
import { scenarioFile } from "./small-worlds.js";

const DAYS = 59;

interface DesignOnGrid {
  readonly values: Readonly<Record<string, number | string>>;
  readonly cost: number;
  readonly events: number;
  meets(day: number): boolean;
}

/** Every design of a grid, with its cost and its events on the first day. */
async function designsOf(file: string, { variables: [[pathA, listA], [pathB, listB]] }: Grid): Promise<DesignOnGrid[]> {
  const designs: DesignOnGrid[] = [];
  for (const a of listA)
    for (const b of listB) {
      const pairs = [
        { path: pathA, value: a },
        { path: pathB, value: b },
      ];
      const scenario = await readScenario(file, { values: pairs });
      const run = (day: number) => simulate(scenario, scenario.policies[0], day, noUserModules);
      const first = run(0);
      designs.push({
        values: { [pathA]: a, [pathB]: b },
        cost: first.metrics.cost,
        events: first.events,
        meets: (day) => run(day).slo?.met === true,
      });
    }
  return designs;
}

describe("a plan on a small grid", () => {
  // All five, against running everything: `npx tsx test/bench/plan-grids.ts`, in docs/planning.md.
  it.each(grids.filter(({ name }) => name.includes("slots") || name.includes("tick")))(
    "is within 1 % of the cheapest design that meets every day, for a tenth of the events: $name",
    async (grid) => {
      const file = scenarioFile(gridText(grid).split("\n").slice(1));
      const plan = await planScenario(await readQuestion(file));
      const designs = await designsOf(file, grid);
      const own = designs.find(
        ({ values }) => JSON.stringify(values) === JSON.stringify({ ...values, ...plan.values }),
      );
      // Costs are of the first day, paired: a design that is 2 % cheaper there is cheaper.
      const cheaper = designs.filter(({ cost }) => cost < 0.98 * (own?.cost ?? 0));
      const days = Array.from({ length: DAYS }, (_, day) => day);
      for (const design of cheaper) expect(days.every((day) => design.meets(day))).toBe(false);
      expect(plan.events).toBeLessThan((DAYS * designs.reduce((sum, { events }) => sum + events, 0)) / 10);
      expect(plan.fallback.map(({ path }) => path)).toEqual([grid.fallback]);
    },
  );
});
