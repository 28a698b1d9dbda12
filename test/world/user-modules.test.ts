import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { InputError } from "../../src/base/errors.js";
import { loadUserModules } from "../../src/experiment/module-file.js";
import { readScenario } from "../../src/experiment/scenario-file.js";
import type { RunResult } from "../../src/world/run-result.js";
import { simulate } from "../../src/world/simulate.js";

const folder = mkdtempSync(join(tmpdir(), "headrace-modules-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const policyJs = `
export function createPolicy(knobs, context) {
  return {
    decide: (observation) => observation.pools.map((pool) => ({
      desired: Math.ceil((pool.open + pool.waiting) / pool.slots) + knobs.spare,
      reason: "load-and-spare",
    })),
    wakeOn: ["no-free-slot"],
  };
}
`;
const policyTs = `
interface Pool { readonly open: number; readonly waiting: number; readonly slots: number }
export function createPolicy(knobs: Readonly<Record<string, unknown>>) {
  const spare = Number(knobs.spare);
  return {
    wakeOn: ["no-free-slot"] as const,
    decide(observation: { readonly pools: readonly Pool[] }) {
      return observation.pools.map((pool) => ({
        desired: Math.ceil((pool.open + pool.waiting) / pool.slots) + spare,
        reason: "load-and-spare",
      }));
    },
  };
}
`;
const balancerJs = `
export function createBalancer(knobs) {
  const choose = (pool) => (knobs.fullest ? pool.mostLoaded() : pool.leastLoaded());
  return { pick: (request, candidates) => choose(candidates.pool(0)) };
}
`;

function scenarioFile(name: string, changes: object): string {
  const file = join(folder, `${name}.yaml`);
  const document = {
    name,
    duration: "20min",
    traffic: { source: "poisson", rate: "2/s" },
    streams: { holding: { kind: "exponential", mean: "1min" } },
    fleet: { streamlet: { slots: 4, spawn: "1s" }, max: 100 },
    policies: [{ kind: "static", count: 40 }],
    ...changes,
  };
  writeFileSync(file, stringify(document));
  return file;
}

async function run(file: string): Promise<RunResult> {
  const scenario = await readScenario(file);
  return simulate(scenario, scenario.policies[0], 0, await loadUserModules(scenario));
}

beforeAll(() => {
  writeFileSync(join(folder, "spare.js"), policyJs);
  writeFileSync(join(folder, "spare.ts"), policyTs);
  writeFileSync(join(folder, "filling.js"), balancerJs);
  writeFileSync(join(folder, "package.json"), '{"type": "module"}');
});

describe("a policy or balancer of the user's own", () => {
  it("is named by its path from the scenario, in JavaScript or TypeScript, and both decide the same", async () => {
    const policies = (kind: string) => ({ policies: [{ kind, spare: 2, min: 1, tick: "5s" }] });
    const js = await run(scenarioFile("by-js", policies("./spare.js")));
    const ts = await run(scenarioFile("by-ts", policies("./spare.ts")));
    expect(js.decisionReasons["load-and-spare"]).toBeGreaterThan(200);
    expect(js.metrics).toEqual(ts.metrics);
    // 120 erlangs on streamlets of four slots: about 30 and the two spare ones.
    expect(js.metrics.streamletsReadyMean).toBeGreaterThan(25);
    expect(js.metrics.streamletsReadyMean).toBeLessThan(45);
  });

  it("gets its knobs as they are written", async () => {
    const spare = (n: number) => ({ policies: [{ kind: "./spare.js", spare: n, min: 1, tick: "5s" }] });
    const few = await run(scenarioFile("few", spare(1)));
    const many = await run(scenarioFile("many", spare(20)));
    expect(many.metrics.streamletsReadyMean - few.metrics.streamletsReadyMean).toBeGreaterThan(10);
  });

  it("balances as the built-in one does that picks the same way", async () => {
    const metrics = async (name: string, balancer: unknown): Promise<RunResult["metrics"]> => {
      const policies = [{ kind: "on-demand", idleTimeout: "5s" }];
      return (await run(scenarioFile(name, { policies, balancer }))).metrics;
    };
    const fullest = await metrics("fullest", { kind: "./filling.js", fullest: true });
    const emptiest = await metrics("emptiest", { kind: "./filling.js" });
    expect(fullest).toEqual(await metrics("packing", "packing"));
    expect(emptiest).toEqual(await metrics("least", "least-connections"));
    expect(fullest).not.toEqual(emptiest);
  });

  it.each([
    ["is not there", "./absent.js", "", /cannot be loaded/],
    ["exports something else", "./other.js", "export const createPolicy = 5;", /createPolicy is number/],
    ["exports nothing", "./empty.js", "", /no export named createPolicy/],
    ["is no program", "./broken.ts", "export function createPolicy( {", /cannot be loaded/],
  ])("that %s is an input fault that names the file", async (_, kind, text, message) => {
    if (text !== "" || kind === "./empty.js") writeFileSync(join(folder, kind), text);
    const file = scenarioFile("faulty", { policies: [{ kind }] });
    const failed = run(file);
    await expect(failed).rejects.toThrow(InputError);
    await expect(failed).rejects.toThrow(message);
    await expect(failed).rejects.toThrow(kind.slice(2));
  });
});
