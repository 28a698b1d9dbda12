import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { accept } from "../../../src/experiment/check/accept.js";
import { type CheckOutcome, runCheck } from "../../../src/experiment/check/check.js";
import { readRegression } from "../../../src/experiment/check/regression-file.js";
import { runJobs } from "../../../src/experiment/job-pool.js";
import { readScenario } from "../../../src/experiment/scenario-file.js";
import type { DecisionRecord } from "../../../src/ports/telemetry.js";
import { folderPerTest } from "../../cli/folder-per-test.js";

/**
 * Two classes of streamlets that serve the same streams: the balancer chooses which of them takes
 * one.
 */
const scenario = `name: planted
seed: 3
duration: 1h
warmup: 10min
replications: 4
traffic: {source: sinusoid, rate: 1/s, amplitude: 0.6, period: 1h}
streams: {holding: {kind: exponential, mean: 1min}, patience: {kind: constant, value: 10s}}
fleet:
  streamlet:
    - {name: a, slots: 4, formats: [x], spawn: {kind: constant, value: 20s}}
    - {name: b, slots: 4, formats: [x], spawn: {kind: constant, value: 20s}}
  max: 200
balancer: ./balancer.mjs
policies: [{kind: hpa, targetUtilisation: 0.7, min: 2}]
slo: {startLatencyP99: 200ms}
cost: {streamletHour: 0.01}
`;
/** Least loaded first; \`ties\` says which of two equally loaded pools takes the stream. */
const balancer = (ties: "<" | "<=", version: number): string => `// version ${version}
export const createBalancer = () => ({
  pick(request, candidates) {
    let best = candidates.pool(0).leastLoaded();
    for (let i = 1; i < candidates.count; i++) {
      const other = candidates.pool(i).leastLoaded();
      if (other.open / other.slots ${ties} best.open / best.slots) best = other;
    }
    return best;
  },
});
`;
const gate = "scenarios: [{file: planted.yaml}]\nmetrics: {cost: 1%}\nbaseline: accepted.json\nmostTimes: 1\n";
const here = { threads: 0 };

const folder = folderPerTest({ "planted.yaml": scenario, "balancer.mjs": balancer("<", 1), "regression.yaml": gate });

async function decisions(): Promise<readonly DecisionRecord[]> {
  const read = await readScenario(join(folder.path, "planted.yaml"));
  let found: readonly DecisionRecord[] = [];
  await runJobs([{ scenario: read, policy: 0, replication: 0 }], here, (_, { result }) => {
    found = result.decisions;
  });
  return found;
}

/**
 * Accepts the scenario, plants the change, checks; with the decisions of replication 0 before and
 * after.
 */
async function planted(change: () => void): Promise<{ readonly outcome: CheckOutcome; readonly firstAtMs: number }> {
  const file = join(folder.path, "regression.yaml");
  await accept(await readRegression(file), "first", here);
  const before = await decisions();
  change();
  const now = await decisions();
  const outcome = await runCheck(await readRegression(file), here);
  const differs = (one: DecisionRecord, i: number): boolean =>
    one.atMs !== now[i]?.atMs || one.pool !== now[i].pool || one.desired !== now[i].desired;
  const i = before.findIndex(differs);
  return { outcome, firstAtMs: Math.min(before[i].atMs, now[i].atMs) };
}

describe("a planted change", () => {
  it("of a balancer's tie-break is caught, with the first decision that it moved", async () => {
    const { outcome, firstAtMs } = await planted(() => {
      folder.write("reversed.mjs", balancer("<=", 2));
      folder.write("planted.yaml", scenario.replace("./balancer.mjs", "./reversed.mjs"));
    });
    expect(outcome.document.verdict).not.toBe("identical");
    expect(outcome.document.firstDivergence).toMatchObject({ policy: "hpa", atMs: firstAtMs });
    expect(outcome.document.firstDivergence?.pool).toMatch(/^default\/[ab]$/);
  });

  it("of a policy that decides one tick late is caught, with the first decision that came late", async () => {
    const { outcome, firstAtMs } = await planted(() =>
      folder.write("planted.yaml", scenario.replace("min: 2", "min: 2, scrapeLag: 30s")),
    );
    expect(outcome.document.verdict).not.toBe("identical");
    expect(outcome.document.firstDivergence).toMatchObject({ policy: "hpa", atMs: firstAtMs });
  });
});
