import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readAttackBase } from "../../../src/experiment/attack/attack-base.js";
import { Folder, quickScenario } from "../../cli/real-command.js";

const folder = new Folder({
  "quick.yaml": quickScenario({
    "count: 10}":
      "count: 10}\n  - {kind: kpa, min: 2}\n  - {kind: kpa, min: 5}\n  " +
      "- {kind: ./own/mine.mjs, spare: 1}\nslo: {startLatencyP99: 200ms}",
  }),
});
afterAll(() => folder.dispose());

describe("the base of an attack", () => {
  it.each([
    ["kpa", { kind: "kpa", min: 2, name: "kpa" }],
    ["kpa-2", { kind: "kpa", min: 5, name: "kpa-2" }],
    ["mine", { kind: join(folder.path, "own/mine.mjs"), spare: 1, name: "mine" }],
    ["square-root", { kind: "square-root", name: "square-root" }],
  ])("has the policy as it is written, whichever name it has by default: %s", async (policy, entry) => {
    const goal = { kind: "slo", factor: 1 } as const;
    const { world } = await readAttackBase(join(folder.path, "quick.yaml"), policy, undefined, goal, undefined);
    expect(world.document.policies).toEqual([entry]);
  });
});
