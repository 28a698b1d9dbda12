import { describe, expect, it } from "vitest";
import { renderTable } from "../../src/cli/result-table.js";
import { summarise } from "../../src/experiment/summarise.js";
import { simulate } from "../../src/world/simulate.js";
import { noUserModules } from "../../src/world/user-modules.js";
import { scenarioOf } from "../world/written-scenario.js";

function tableOf(counts: readonly number[]): string {
  const scenario = scenarioOf({
    name: "short",
    duration: "20min",
    replications: 2,
    traffic: { source: "poisson", rate: "0.5/s" },
    streams: { holding: "1min", patience: "10s" },
    fleet: { streamlet: { slots: 1 } },
    policies: counts.map((count) => ({ kind: "static", name: `of-${count}`, count })),
  });
  const runs = scenario.policies.map((policy) => [0, 1].map((r) => simulate(scenario, policy, r, noUserModules)));
  return renderTable(summarise(scenario, "test", runs));
}

const rowOf = (table: string, label: string) => table.split("\n").find((line) => line.startsWith(label));

describe("the table on the terminal", () => {
  it("shows what only one of two policies has, with a dash for the other", () => {
    const empty = rowOf(tableOf([0, 40]), "Utilisation");
    expect(empty).toMatch(/ – +7\d\.\d/);
    expect(rowOf(tableOf([40, 0]), "Utilisation")).toMatch(/ 7\d\.\d.* –/);
    expect(rowOf(tableOf([0, 40]), "Start latency, mean")).toMatch(/ – +\d/);
  });
});
