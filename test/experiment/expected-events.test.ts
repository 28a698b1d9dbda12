import { expect, it } from "vitest";
import { expectedEvents, isLongRun } from "../../src/experiment/expected-events.js";
import { readScenario } from "../../src/experiment/scenario-file.js";

it("counts an arrival and a departure per request, and a tick of mm10 as fifteen events", async () => {
  const scenario = await readScenario("scenarios/mm10.yaml");
  expect(expectedEvents({ scenario, policy: 0 })).toBe(2 * 0.15 * 8 * 3600 + 15 * 1920);
});

it("calls the 1,200 hours of workload B a long run, and its day none", async () => {
  const lasting = (duration: string) => readScenario("test/bench/workload-b.yaml", { duration });
  expect(isLongRun({ scenario: await lasting("24h"), policy: 0 })).toBe(false);
  expect(isLongRun({ scenario: await lasting("1200h"), policy: 0 })).toBe(true);
});
