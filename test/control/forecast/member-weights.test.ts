import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../src/base/random.js";
import { type MemberEvidence, memberWeights } from "../../../src/control/forecast/member-weights.js";

/** Evidence of two active daily models, except what `changes` replaces. */
function evidenceOf(expected: readonly number[], changes: Partial<MemberEvidence> = {}): MemberEvidence {
  const models = expected.length;
  return {
    expected: Float64Array.from(expected),
    usual: new Float64Array(models).fill(1),
    isWeekJudged: true,
    isActive: new Uint8Array(models).fill(1),
    isWeekly: new Uint8Array(models),
    own: new Float64Array(models).fill(2000),
    dependentBins: 1,
    usualForecasts: 10,
    ...changes,
  };
}

function weightsOf(evidence: MemberEvidence): number[] {
  const weights = new Float64Array(evidence.expected.length);
  memberWeights(evidence, weights);
  return [...weights];
}

/** The documented rule once more, with lists of models instead of running sums. */
function byTheRule(evidence: MemberEvidence): number[] {
  const { expected, usual, isWeekJudged, isActive, isWeekly, own } = evidence;
  const models = [...expected.keys()];
  const active = models.filter((m) => isActive[m] === 1);
  const isLimited = !isWeekJudged && active.some((m) => isWeekly[m] === 1);
  const limit = isLimited ? 1.6 * Math.min(...active.map((m) => usual[m])) : Number.POSITIVE_INFINITY;
  const candidates = active.filter((m) => usual[m] <= limit);
  const least = Math.min(...candidates.map((m) => expected[m]));
  const kept = candidates.filter((m) => expected[m] <= 1.6 * least);
  const cube = new Map(kept.map((m) => [m, (least / expected[m]) ** 3]));
  const total = kept.reduce((sum, m) => sum + cube.get(m)!, 0);
  const ofKind = (list: readonly number[], weekly: number) => list.filter((m) => isWeekly[m] === weekly);
  const best = (weekly: number) => Math.max(0, ...ofKind(kept, weekly).map((m) => cube.get(m)!));
  const judged = Math.min(...[0, 1].map((weekly) => Math.max(0, ...ofKind(active, weekly).map((m) => own[m]))));
  const unproved = 10 / (judged / evidence.dependentBins + 10);
  const balance = best(0) > 0 && best(1) > 0 ? unproved : 0;
  return models.map((m) => {
    if (!cube.has(m)) return 0;
    const kind = isWeekly[m];
    const sum = ofKind(kept, kind).reduce((all, other) => all + cube.get(other)!, 0);
    const balanced = (best(kind) / (best(0) + best(1))) * (cube.get(m)! / sum);
    return 0.1 / kept.length + 0.9 * (balance * balanced + (1 - balance) * (cube.get(m)! / total));
  });
}

describe("the weights of models", () => {
  it("follow the documented rule for any evidence", () => {
    const random = new RandomStream("member weights");
    for (let i = 0; i < 400; i++) {
      const models = 1 + random.integerBelow(6);
      const some = (share: number) => Uint8Array.from({ length: models }, () => (random.uniform() < share ? 1 : 0));
      const isActive = some(0.8);
      isActive[random.integerBelow(models)] = 1;
      const evidence = evidenceOf(
        Array.from({ length: models }, () => 5 + 5 * random.uniform()),
        {
          usual: Float64Array.from({ length: models }, () => 1 + 1.2 * random.uniform()),
          isWeekJudged: random.uniform() < 0.5,
          isActive,
          isWeekly: some(0.4),
          own: Float64Array.from({ length: models }, () => 60 * random.uniform()),
          dependentBins: 1 + 3 * random.uniform(),
        },
      );
      const weights = weightsOf(evidence);
      // The least error is raised by a millionth, so that an error of 0 can be divided by.
      byTheRule(evidence).forEach((expected, m) => {
        expect(Math.abs(weights[m] - expected)).toBeLessThan(1e-5);
      });
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9);
    }
  });

  it("go to a model without any error, and evenly to several of those", () => {
    expect(weightsOf(evidenceOf([0, 1]))).toEqual([1, 0]);
    expect(weightsOf(evidenceOf([0, 0]))).toEqual([0.5, 0.5]);
  });

  it("are balanced between the kinds by half while each has ten independent forecasts", () => {
    // Two daily and one weekly model, errors equal. Balanced: 1/4, 1/4, 1/2; by cubes: 1/3 each.
    const changes = { isWeekly: Uint8Array.of(0, 0, 1), own: Float64Array.of(50, 20, 30), dependentBins: 3 };
    const half = (balanced: number): number => 0.1 / 3 + 0.9 * ((balanced + 1 / 3) / 2);
    const [a, b, weekly] = weightsOf(evidenceOf([7, 7, 7], changes));
    expect([a, b]).toEqual([a, a]);
    expect(a).toBeCloseTo(half(1 / 4), 9);
    expect(weekly).toBeCloseTo(half(1 / 2), 9);
  });

  it("leave a model of exactly 1.6 times the least usual error in", () => {
    const changes = { isWeekJudged: false, isWeekly: Uint8Array.of(1, 0), usual: Float64Array.of(1, 1.6) };
    expect(weightsOf(evidenceOf([7, 7], changes))[1]).toBeGreaterThan(0);
    // It has the least error, and so trims the other.
    expect(weightsOf(evidenceOf([9, 5], changes))).toEqual([0, 1]);
  });
});
