import { describe, expect, it } from "vitest";
import { RandomStream } from "../../src/base/random.js";
import { type Comparison, compareAll, wordsByChance } from "../../src/experiment/comparison.js";
import { summarise } from "../../src/experiment/summarise.js";
import type { RunSums } from "../../src/world/metric-table.js";
import type { RunResult } from "../../src/world/run-result.js";
import { syntheticOutcome } from "../report/synthetic-outcome.js";

const template = syntheticOutcome({ replications: 1 }).outcome.runs[0][0];

/** Replications like the template, with other sums. */
function policy(name: string, sums: readonly Partial<RunSums>[]) {
  return { name, runs: sums.map((some): RunResult => ({ ...template, sums: { ...template.sums, ...some } })) };
}

function find(comparisons: readonly Comparison[], metric: string): Comparison {
  const found = comparisons.find((one) => one.metric === metric);
  if (found === undefined) throw new Error(`no comparison of ${metric}`);
  return found;
}

describe("a comparison of policies", () => {
  it("finds identical twins the same in everything with several replications, and cannot tell with one", () => {
    for (const n of [2, 3, 10]) {
      const sums = Array.from({ length: n }, (_, r) => ({ cost: 10 + r, spawns: 100 + r }));
      const words = compareAll(policy("a", sums), [policy("b", sums)]).map(({ verdict }) => verdict);
      expect(new Set(words)).toEqual(new Set(["same", undefined]));
    }
    const words = compareAll(policy("a", [{}]), [policy("b", [{ cost: 1 }])]).map(({ verdict }) => verdict);
    expect(new Set(words)).toEqual(new Set(["cannot tell", undefined]));
  });

  it("calls what differs by rounding the same", () => {
    const a = policy("a", [{ cost: 0.1 + 0.2 }, { cost: 0.4 + 0.2 }, { cost: 0.7 }]);
    const b = policy("b", [{ cost: 0.3 }, { cost: 0.6 }, { cost: 0.1 + 0.6 }]);
    expect(find(compareAll(a, [b]), "cost")).toMatchObject({ verdict: "same", better: null });
  });

  it("gives no verdict on metrics that are good in neither direction", () => {
    const comparisons = compareAll(
      policy("a", [
        { openMs: 100, openReadyMs: 100, readySlotMs: 1000, reconnections: 1 },
        { openMs: 101, openReadyMs: 101, readySlotMs: 1000, reconnections: 2 },
      ]),
      [
        policy("b", [
          { openMs: 900, openReadyMs: 900, readySlotMs: 1000, reconnections: 900 },
          { openMs: 901, openReadyMs: 901, readySlotMs: 1000, reconnections: 901 },
        ]),
      ],
    );
    for (const metric of ["utilisationMean", "reconnections", "openStreamsMean", "arrivals"]) {
      expect(find(comparisons, metric)).not.toHaveProperty("verdict");
      expect(find(comparisons, metric).better).toBeNull();
    }
  });

  it("gives no verdict where a policy failed", () => {
    const costs = [{ cost: 1 }, { cost: 1 }, { cost: 1 }];
    const failed = { ...policy("b", costs), hasFailed: true };
    const [a, words] = [policy("a", [{ cost: 9 }, { cost: 8 }, { cost: 9 }]), new Set<string | undefined>()];
    for (const comparison of [...compareAll(a, [failed]), ...compareAll(failed, [a])]) words.add(comparison.verdict);
    expect(words).toEqual(new Set(["cannot tell", undefined]));
  });

  it("marks what survives over the whole table: a clear difference with ten replications, never with five", () => {
    const random = new RandomStream("survives");
    const sums = (shift: number, n: number) =>
      Array.from({ length: n }, () => ({ cost: 100 + shift + random.normal() }));
    const ten = find(compareAll(policy("a", sums(0, 10)), [policy("b", sums(-20, 10))]), "cost");
    expect(ten).toMatchObject({ verdict: "better", better: true, familywise: true });
    const five = find(compareAll(policy("a", sums(0, 5)), [policy("b", sums(-20, 5))]), "cost");
    expect(five).toMatchObject({ verdict: "better", familywise: false });
    const same = find(compareAll(policy("a", sums(0, 5)), [policy("b", sums(0, 5))]), "spawns");
    expect(same).not.toHaveProperty("familywise");
  });

  it("does not take equal differences of a share for certainty: one request in 1,000 is chance", () => {
    const share = (rejected: number) => ({ rejected, arrivals: 1000 });
    const close = compareAll(policy("a", [share(3), share(4)]), [policy("b", [share(4), share(5)])]);
    expect(find(close, "rejectedRatio").verdict).toBe("no difference shown");
    const far = compareAll(policy("a", [share(3), share(4)]), [policy("b", [share(40), share(41)])]);
    expect(find(far, "rejectedRatio").verdict).toBe("worse");
  });

  it("counts the words that chance alone would give", () => {
    const noise = (shift: number) => [
      { cost: 1 + shift, spawns: 5 },
      { cost: 2, spawns: 6 + shift },
    ];
    const comparisons = compareAll(policy("a", noise(0)), [policy("b", noise(1))]);
    // Only cost and spawns differ; all others are identical.
    const { verdicts, words } = wordsByChance(comparisons);
    expect(verdicts).toBe(2);
    expect(words).toBeCloseTo(0.1, 12);
  });
});

describe("a result", () => {
  it("does not compare streamlet-hours and spawns of units of different size", () => {
    const { scenario, outcome } = syntheticOutcome({ replications: 3 });
    const [hpa, vms] = scenario.policies;
    const mixed = { ...scenario, policies: [hpa, { ...vms, unit: { slots: 400 } as never }] };
    const { comparisons } = summarise(mixed, "0", outcome.runs);
    for (const metric of ["streamletHours", "spawns"]) expect(find(comparisons, metric)).not.toHaveProperty("verdict");
    expect(find(comparisons, "cost")).toHaveProperty("verdict");
    expect(find(outcome.document.comparisons, "streamletHours")).toHaveProperty("verdict");
  });
});
