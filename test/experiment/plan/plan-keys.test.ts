import { describe, expect, it } from "vitest";
import { InputError } from "../../../src/base/errors.js";
import { readQuestion } from "../../../src/experiment/plan/question.js";
import { quickPlan } from "../../../src/experiment/plan/quick-plan.js";
import { alternatives, definition } from "../../../src/world/scenario/schema/known-keys.js";
import { planSection } from "../../../src/world/scenario/schema/plan.js";
import { scenarioFile } from "./small-worlds.js";

/** What stands beside the key, what is tried, and worlds in which it can change nothing. */
interface PlanKey {
  readonly beside: string;
  readonly with: string;
  readonly idle?: readonly Readonly<Record<string, string | undefined>>[];
}

const world: Readonly<Record<string, string>> = {
  duration: "2h",
  traffic: "{source: poisson, rate: 1/s}",
  streams: "{holding: {kind: exponential, mean: 1min}}",
  fleet:
    "{regions: [{name: eu, hosts: 4, cpu: 8}, {name: us, hosts: 4, " +
    "cpu: 8}], streamlet: {slots: 8, cpu: 1, spawn: 5s}, max: 50}",
  policies: "[{kind: predictive}]",
  slo: "{startLatencyP95: 1s}",
  cost: "{hostHour: 0.4}",
};
const noHosts = { fleet: "{streamlet: {slots: 8, spawn: 5s}, max: 50}", cost: "{streamletHour: 1}" };
const elastic = { fleet: "{regions: [{name: eu, hosts: {max: 4}, cpu: 8}], streamlet: {slots: 8, cpu: 1}, max: 50}" };
const failing = (one: string, idle: PlanKey["idle"] = []): PlanKey => ({
  beside: "",
  with: `survive: [${one}]`,
  idle,
});
const committed = "prices: {committed: {hostHour: 0.2}}";
const spot = "prices: {spot: {hostHour: 0.2, share: 0.3}}";

const cases: Readonly<Record<string, PlanKey>> = {
  variables: { beside: "", with: "variables: {fleet.max: [30, 40]}" },
  survive: failing("{hosts: 1}"),
  whatIf: { beside: "", with: "whatIf: [{hosts: 1}]" },
  "*.hosts": failing("{hosts: 1}", [noHosts, elastic]),
  "*.reclaim": failing("{reclaim: 0.2}", [noHosts, elastic]),
  "*.notice": { beside: "survive: [{reclaim: 0.2}]", with: "survive: [{reclaim: 0.2, notice: 1min}]" },
  "*.region": failing("{region: any}", [noHosts]),
  "*.demand": failing("{demand: +20%}"),
  "*.spawn": failing("{spawn: x2}", [
    { fleet: "{regions: [{name: eu, hosts: 4, cpu: 8}], streamlet: {slots: 8, cpu: 1}, max: 50}" },
  ]),
  "*.forecast": failing("{forecast: off}", [
    { policies: "[{kind: hpa}]" },
    { policies: "[{kind: predictive, forecaster: none}]" },
  ]),
  mayMiss: { beside: "", with: "mayMiss: 1" },
  onAverage: { beside: "", with: "onAverage: {rejectedRatio: 0.01}" },
  ...Object.fromEntries(
    ["rejectedRatio", "abandonedRatio", "interruptedRatio", "waitProbability", "sloViolationMinutes"].map((key) => [
      `onAverage.${key}`,
      { beside: "onAverage: {}", with: `onAverage: {${key}: 0.01}` },
    ]),
  ),
  confidence: { beside: "", with: "confidence: 0.99" },
  prices: { beside: "", with: committed, idle: [noHosts] },
  "prices.committed": { beside: "", with: committed, idle: [noHosts] },
  "prices.committed.hostHour": { beside: committed, with: "prices: {committed: {hostHour: 0.3}}" },
  "prices.committed.term": { beside: committed, with: "prices: {committed: {hostHour: 0.2, term: 365d}}" },
  "prices.spot": { beside: "", with: spot, idle: [noHosts, elastic] },
  "prices.spot.hostHour": { beside: spot, with: "prices: {spot: {hostHour: 0.1, share: 0.3}}" },
  "prices.spot.share": { beside: spot, with: "prices: {spot: {hostHour: 0.2, share: 0.5}}" },
  "prices.spot.notice": { beside: spot, with: "prices: {spot: {hostHour: 0.2, share: 0.3, notice: 2min}}" },
};

type Schema = Parameters<typeof alternatives>[0];

/** Every key of the section; an entry of survive or whatIf is "*". */
function keysOf(schema: Schema, path: string): string[] {
  return alternatives(schema).flatMap((one) => {
    const { type, shape = {}, element } = definition(one);
    if (type === "array" && element !== undefined) return keysOf(element, "*");
    return Object.entries(shape).flatMap(([key, inner]) => {
      const at = path === "" ? key : `${path}.${key}`;
      return key === "variables" ? [at] : [at, ...keysOf(inner, at)];
    });
  });
}

function fileWith(plan: string, changes: Readonly<Record<string, string | undefined>> = {}): string {
  const keys = { ...world, ...changes, plan: `{${plan}}` };
  return scenarioFile(
    Object.entries(keys).flatMap(([key, value]) => (value === undefined ? [] : [`${key}: ${value}`])),
  );
}

/**
 * All results that the section affects: the question, the worlds of its failures, and the sizes.
 */
async function seen(plan: string): Promise<string> {
  const question = await readQuestion(fileWith(plan));
  const worlds = [...question.survive, ...question.whatIf].map((failure) => [
    failure.name,
    failure.apply(question.scenario),
  ]);
  const { survive, whatIf, variables, confidence, mayMiss, means } = question;
  const { statements } = quickPlan(question);
  return JSON.stringify([worlds, survive.length, whatIf.length, variables, confidence, mayMiss, means, statements]);
}

describe("the keys of the section plan", () => {
  it("are all tried here", () => {
    expect(Object.keys(cases).sort()).toEqual([...new Set(keysOf(planSection, ""))].sort());
  });

  it.each(Object.entries(cases))("%s acts", async (_key, { beside, with: written }) => {
    expect(await seen(written)).not.toBe(await seen(beside));
  });

  const idle = Object.entries(cases).flatMap(([key, one]) =>
    (one.idle ?? []).map((world) => [key, one, world] as const),
  );
  it.each(idle)("%s is refused with line and column where it cannot act", async (_key, one, world) => {
    const error = await readQuestion(fileWith(one.with, world)).then(
      () => "accepted",
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(InputError);
    expect(String(error)).toMatch(/\.yaml:\d+:\d+: /);
  });

  it.each([
    ["the same failure twice", "survive: [{hosts: 1}, {hosts: 1}]", /:9:30: "one host of eu lost" a second time/],
    ["one that any region holds", "survive: [{region: any}], whatIf: [{region: eu}]", /"region eu lost" a second time/],
    [
      "a factor that changes nothing",
      "whatIf: [{demand: +0%}]",
      /demand: "\+0%"; expected a factor above 0 other than 1/,
    ],
    [
      "a term without end",
      `prices: {committed: {hostHour: 0.2, term: 9999d}}`,
      /a term of 9999 d; expected at most 120/,
    ],
    [
      "a term of nothing",
      `prices: {committed: {hostHour: 0.2, term: 0s}}`,
      /plan.prices.committed.term: 0; expected more/,
    ],
    ["all hosts as spot", `prices: {spot: {hostHour: 0.2, share: 1}}`, /plan.prices.spot.share/],
    ["a price below nothing", `prices: {spot: {hostHour: -1, share: 0.5}}`, /plan.prices.spot.hostHour/],
    ["an unknown key", "survives: [{hosts: 1}]", /unknown key "survives".*Did you mean "survive"/],
  ])("refuse %s", async (_what, plan, message) => {
    await expect(readQuestion(fileWith(plan))).rejects.toThrow(message);
  });
});
