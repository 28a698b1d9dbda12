import { describe, expect, it } from "vitest";
import { runWatched } from "../../src/experiment/watched-run.js";
import { ChromeTrace, chromeTraceDocument } from "../../src/report/chrome-trace.js";
import { simulate } from "../../src/world/simulate.js";
import { noUserModules } from "../../src/world/user-modules.js";
import { ordinaryScenario, policySpec } from "../world/ordinary-scenario.js";

interface TraceEvent {
  readonly ph: string;
  readonly name: string;
  readonly id?: string;
  readonly ts?: number;
  readonly pid: number;
}

const scenario = ordinaryScenario({
  durationMs: 600_000,
  warmupMs: 0,
  policies: [
    policySpec("hpa", { targetUtilisation: 0.7 }, { min: 2, max: 40, tickMs: 15_000 }),
    policySpec("static", { count: 10 }),
  ],
  faults: { ...ordinaryScenario().faults, streamletMtbfMs: 120_000 },
});

async function traced(): Promise<TraceEvent[]> {
  const runs = await runWatched(
    scenario,
    (policy, pools, scheduler) => new ChromeTrace(policy + 1, scenario.policies[policy].name, pools, scheduler),
  );
  const document = JSON.parse([...chromeTraceDocument(runs)].join("")) as { traceEvents: TraceEvent[] };
  return document.traceEvents;
}

describe("ChromeTrace", () => {
  it("opens and closes the slices of each streamlet in order, one lifecycle per spawn", async () => {
    const events = await traced();
    const stacks = new Map<string, string[]>();
    for (const event of events) {
      if (event.id === undefined) continue;
      const stack = stacks.get(event.id) ?? [];
      stacks.set(event.id, stack);
      if (event.ph === "b") stack.push(event.name);
      else expect(stack.pop()).toBe(event.name);
    }
    const spawns = events.filter((event) => event.ph === "b" && event.name === "streamlet" && event.pid === 1);
    const [hpa] = scenario.policies;
    expect(spawns).toHaveLength(simulate(scenario, hpa, 0, noUserModules).metrics.spawns);
    expect(spawns.length).toBeGreaterThan(2);
  });

  it("holds every decision with its reason, and times that never go back", async () => {
    const events = await traced();
    const decisions = events.filter((event) => event.ph === "i" && event.pid === 1);
    expect(decisions).toHaveLength(1 + 600_000 / 15_000);
    for (const pid of [1, 2]) {
      const times = events
        .filter((event) => event.pid === pid && event.ts !== undefined)
        .map((event) => event.ts as number);
      expect(times).toEqual([...times].sort((a, b) => a - b));
    }
  });

  it("changes nothing of the run that it watches", async () => {
    const results = scenario.policies.map((policy) => JSON.stringify(simulate(scenario, policy, 0, noUserModules)));
    await traced();
    expect(scenario.policies.map((policy) => JSON.stringify(simulate(scenario, policy, 0, noUserModules)))).toEqual(
      results,
    );
  });
});
