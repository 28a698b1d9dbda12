import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { canonicalJson } from "../../src/base/hash.js";
import { readScenario } from "../../src/experiment/scenario-file.js";
import type { RunResult } from "../../src/world/run-result.js";
import type { Scenario } from "../../src/world/scenario/scenario.js";
import { simulate } from "../../src/world/simulate.js";
import { withUnit } from "../../src/world/unit.js";
import { noUserModules } from "../../src/world/user-modules.js";
import { randomScenario } from "./random-scenario.js";

/** HEADRACE_SWARM=FIRST+COUNT tries other seeds, for example HEADRACE_SWARM=1000+5000. */
const [first, count] = (process.env.HEADRACE_SWARM ?? "1+240").split("+").map(Number);
const PER_TEST = 20;
const folder = mkdtempSync(join(tmpdir(), "headrace-swarm-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The parts of a drawn scenario that its extras are in. */
interface Drawn {
  readonly fleet: { readonly regions: readonly { readonly hosts?: unknown }[] };
  readonly faults?: { readonly hangMtbf?: string; readonly memoryHogMtbf?: string };
  readonly gateway?: { readonly quarantine?: unknown };
  readonly policies: readonly { readonly unit?: unknown }[];
}

/** Writes the scenario of a seed as a user would; the path of its YAML. */
function write(seed: number, into: string): string {
  const { document, files } = randomScenario(seed);
  mkdirSync(into, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(into, name), text);
  const file = join(into, "scenario.yaml");
  writeFileSync(file, stringify(document));
  return file;
}

const shares = /^(rejected|abandoned|interrupted|degradedStream)Ratio$|^waitProbability$|^utilisationMean$/;
/**
 * Cost over the clairvoyant's, less 1. The bound allows for the rounding of spawns and drains of
 * single streamlets.
 */
const LEAST_REGRET = -0.01;

function checkResult(scenario: Scenario, result: RunResult): void {
  for (const [metric, value] of Object.entries(result.metrics)) {
    if (!Number.isFinite(value) || value < (metric === "regretRatio" ? LEAST_REGRET : 0))
      expect.fail(`${metric} is ${value}`);
    if (shares.test(metric) && value > 1 + 1e-12) expect.fail(`${metric} is ${value}, a share above 1`);
  }
  const { arrived, completed, interrupted, rejected, abandoned, waiting, open } = result.counts;
  expect(completed + interrupted + rejected + abandoned + waiting + open).toBe(arrived);
  expect(Math.min(waiting, open)).toBeGreaterThanOrEqual(0);
  const slots = scenario.fleet.max * Math.max(...scenario.fleet.classes.map((one) => one.slots));
  expect(Math.max(0, ...result.timeline.open)).toBeLessThanOrEqual(slots * (1 + 1e-9));
  expect(result.timeline.arrivals.reduce((sum, n) => sum + n, 0)).toBeLessThanOrEqual(arrived);
}

/**
 * Runs one scenario under each of its policies. A failure keeps the files and prints how to
 * repeat it.
 */
async function runSeed(seed: number): Promise<number> {
  const at = join(folder, String(seed));
  let policy = "";
  try {
    const scenario = await readScenario(write(seed, at));
    let events = 0;
    for (const spec of scenario.policies) {
      policy = spec.name;
      const result = simulate(scenario, spec, 0, noUserModules);
      checkResult(withUnit(scenario, spec), result);
      events += result.events;
      if (seed % 10 === 0)
        expect(canonicalJson(simulate(scenario, spec, 0, noUserModules))).toBe(canonicalJson(result));
    }
    rmSync(at, { recursive: true });
    return events;
  } catch (error) {
    const kept = join("reports", "swarm", `seed-${seed}`);
    cpSync(at, kept, { recursive: true });
    const only = policy === "" ? "" : ` --policy ${policy}`;
    const scenario = join(kept, "scenario.yaml");
    const command = `npm run --silent headrace -- simulate ${scenario}${only} --replications 1 --json`;
    throw new Error(
      `swarm seed ${seed} failed: ${error instanceof Error ? error.message : error}\n  replay: ${command}`,
    );
  }
}

describe("a swarm of random scenarios", () => {
  const seeds = Array.from({ length: count }, (_, i) => first + i);
  const batches = Array.from({ length: Math.ceil(count / PER_TEST) }, (_, i) =>
    seeds.slice(i * PER_TEST, (i + 1) * PER_TEST),
  );

  it.each(batches.map((batch) => [batch[0], batch.at(-1), batch] as const))(
    "runs clean from seed %i to %i, with every assertion on",
    async (_from, _to, batch) => {
      const failures: string[] = [];
      let events = 0;
      for (const seed of batch) {
        try {
          events += await runSeed(seed);
        } catch (error) {
          failures.push((error as Error).message);
        }
      }
      expect(failures.join("\n")).toBe("");
      // About a thousand arrivals each: a swarm in which nothing happens proves nothing.
      expect(events).toBeGreaterThan(batch.length * 500);
    },
    240_000,
  );

  it("draws elastic hosts, hangs, memory hogs, quarantine and units often enough to test them", () => {
    const drawn = new Map<string, number>();
    const count = (what: string, isDrawn: boolean): void => {
      drawn.set(what, (drawn.get(what) ?? 0) + Number(isDrawn));
    };
    for (let seed = 1; seed <= 240; seed++) {
      const { fleet, faults, gateway, policies } = randomScenario(seed).document as unknown as Drawn;
      const elastic = fleet.regions.some(({ hosts }) => typeof hosts === "object");
      count("elastic hosts", elastic);
      count("hangs", faults?.hangMtbf !== undefined);
      count("memory hogs", faults?.memoryHogMtbf !== undefined);
      count("quarantine", gateway?.quarantine !== undefined);
      count(
        "units",
        policies.some(({ unit }) => unit !== undefined),
      );
    }
    expect([...drawn].filter(([, times]) => times < 24)).toEqual([]);
  });

  it("makes the same scenario from the same seed", () => {
    expect(randomScenario(17)).toEqual(randomScenario(17));
    expect(randomScenario(17)).not.toEqual(randomScenario(18));
  });
});
