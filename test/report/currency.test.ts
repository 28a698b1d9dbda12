import { describe, expect, it } from "vitest";
import { renderTable } from "../../src/cli/result-table.js";
import { parseScenario } from "../../src/experiment/scenario-file.js";
import { summarise } from "../../src/experiment/summarise.js";
import { reportFiles } from "../../src/report/report.js";
import { syntheticOutcome } from "./synthetic-outcome.js";

const text = (cost: string): string => `
name: c
duration: 1h
traffic: {source: poisson, rate: 1/s}
streams: {holding: {kind: exponential, mean: 1min}}
fleet: {streamlet: {slots: 1, spawn: {kind: constant, value: 0s}}}
policies: [{kind: static, count: 10}]
cost: ${cost}
`;

describe("the currency of a scenario", () => {
  it("names the money in table, summary and page", async () => {
    const { scenario, outcome } = syntheticOutcome({ replications: 2 });
    const priced = { ...scenario, cost: { streamletHour: 1, hostHour: 0, currency: "EUR" } };
    const document = summarise(priced, "0", outcome.runs);
    expect(renderTable(document)).toContain("Cost (EUR)");
    const files = await reportFiles({ ...outcome, document }, priced);
    expect(files.get("summary.md")).toContain("| Cost (EUR) |");
    expect(files.get("index.html")).toContain("in EUR: 1 per streamlet-hour");
    expect(renderTable(outcome.document)).not.toContain("EUR");
  });

  it("moves no number, so that the scenario's hash stays", async () => {
    const [plain, named] = await Promise.all(
      ["{streamletHour: 1}", "{streamletHour: 1, currency: EUR}"].map((cost) => parseScenario("c.yaml", text(cost))),
    );
    expect(named.cost?.currency).toBe("EUR");
    expect(named.hash).toBe(plain.hash);
  });

  it("is a name, not a number or a control sequence", async () => {
    for (const currency of ["7", '"\\u001b[31m"', '""', "a-name-that-is-too-long"]) {
      await expect(parseScenario("c.yaml", text(`{currency: ${currency}}`))).rejects.toThrow("cost.currency");
    }
  });
});
