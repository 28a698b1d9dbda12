import { describe, expect, it } from "vitest";
import { greeting } from "../../../src/live/session/greeting.js";
import { scenarioOf } from "../fleet-bench.js";
import { liveScenario } from "../live-scenario.js";

const parts = { name: "greeting", max: 2, policies: "[{kind: static, count: 1}]" };

async function linesOf(more: Parameters<typeof liveScenario>[0]): Promise<string[]> {
  const scenario = await scenarioOf(liveScenario(more));
  return greeting({ address: "127.0.0.1", serve: true, withFaults: false, scenario }, 1234, 1235, undefined);
}

describe("the first lines of a live run", () => {
  it("name the keys that act in simulations only", async () => {
    const lines = await linesOf({
      ...parts,
      mix: "[{region: eu, format: mpegts, share: 1}]",
      regions: "[{name: eu, hosts: 2, cpu: 8}]",
      streamlet: "cpu: 0.5",
      more: ["faults: {hostMtbf: 720h, streamletMtbf: 6h}"],
    });
    expect(lines).toContain("only a simulation uses faults.hostMtbf, fleet.regions.eu.hosts of the scenario");
    expect(lines.join()).toContain("faults (streamletMtbf) are not injected");
  });

  it("name none where every key acts", async () => {
    expect((await linesOf(parts)).join()).not.toContain("simulation");
  });
});
