import { afterAll, describe, expect, it } from "vitest";
import { commonKnobNames } from "../../src/world/scenario/schema/policies/common.js";
import { policyKindSchemas } from "../../src/world/scenario/schema/policies/kinds.js";
import { KnobScenario } from "./knob-scenario.js";

const knobs = new KnobScenario();
afterAll(() => knobs.dispose());
const read = knobs.read.bind(knobs);
const refusal = knobs.refusal.bind(knobs);

const refusals: readonly (readonly [string, RegExp])[] = [
  ["{kind: hpa, targetUtilisation: 0}", /:7:36: .*targetUtilisation: 0; expected more than 0/],
  ["{kind: hpa, tolerance: -0.1}", /:7:28: .*tolerance/],
  ["{kind: hpa, min: 0}", /:7:22: .*min 0 without an external metric.*min: 1/],
  ["{kind: hpa, min: 9, max: 3}", /:7:22: .*min 9 above max 3/],
  ["{kind: hpa, max: 0}", /min 1 above max 0/],
  ["{kind: hpa, scaleDown: {stabilisationWindow: -5min}}", /stabilisationWindow/],
  ["{kind: hpa, scaleUp: {policies: []}}", /policies/],
  ["{kind: hpa, scaleUp: {policies: [{type: Pods, value: 0, period: 15s}]}}", /value: 0/],
  ["{kind: hpa, targetUtilisation: 0.7, targetOpenStreams: 5}", /targetUtilisation and targetOpenStreams together/],
  ["{kind: hpa, metrics: [{type: pods, metric: open-streams, value: 5}]}", /expected metric and averageValue/],
  ["{kind: hpa, metrics: [{type: external, metric: cpu, value: 5}]}", /one of open-streams/],
  ["{kind: hpa, targetUtilisation: 70%}", /:7:36: .*"70%"; expected a number. Write 0.7/],
  ['{kind: hpa, min: "2"}', /:7:22: .*"2"; expected a number. Leave the quotes out/],
  ["{kind: hpa, targetUtilization: 0.7}", /:7:17: unknown key "targetUtilization". Did you mean "targetUtilisation"/],
  ["{kind: hpa, scaleUp: {select: Mxa}}", /"Mxa"; expected one of Max, Min, Disabled. Did you mean "Max"/],
  ["{kind: kpa, targetUtilisation: 0}", /targetUtilisation/],
  ["{kind: kpa, stableWindow: 0s}", /stableWindow/],
  ["{kind: kpa, panicWindowPercentage: 0}", /panicWindowPercentage/],
  ["{kind: kpa, maxScaleDownRate: 1}", /maxScaleDownRate/],
  ["{kind: keda, triggers: [{metric: demand, threshold: 0}]}", /threshold: 0/],
  ["{kind: keda, cooldownPeriod: -1s}", /cooldownPeriod/],
  ["{kind: keda, min: 2, idleReplicaCount: 2}", /idleReplicaCount 2 with min 2/],
  [
    "{kind: hybrid, min: 3, reactive: {kind: keda, idleReplicaCount: 1}}",
    /"idleReplicaCount". Leave it out: it lies below min, and the floor never goes below the hybrid's min/,
  ],
  ["{kind: aws-target-tracking, targetUtilisation: 0}", /targetUtilisation/],
  ["{kind: aws-target-tracking, scaleOutDatapoints: 0}", /scaleOutDatapoints/],
  ["{kind: aws-step, stepOut: {threshold: 0.5}, stepIn: {threshold: 0.6}}", /scale-in at 0.6, scale-out at 0.5/],
  ["{kind: aws-step, stepOut: {steps: [{lower: 0, adjustment: 1}, {lower: 0.1, adjustment: 2}]}}", /overlaps/],
  ["{kind: aws-predictive, dynamic: step}", /dynamic/],
  ["{kind: phpa, models: [{type: linear, historySize: 0}]}", /historySize/],
  ["{kind: phpa, models: [{type: holt-winters, alpha: 1.5}]}", /alpha/],
  ["{kind: jitsi, scaleDownThreshold: 0.9}", /scaleDownThreshold 0.9, scaleUpThreshold 0.8/],
  ["{kind: square-root, beta: -1}", /beta/],
  ["{kind: schedule}", /a schedule without entries/],
  ['{kind: schedule, entries: [{cron: "61 * * * *", count: 3}]}', /"61 \* \* \* \*" \("61" outside 0–59\)/],
  [
    '{kind: keda, triggers: [{type: cron, timezone: UTC, start: "0 9 * * 7", end: "0 9 * * 1", desiredReplicas: 3}]}',
    /"0 9 \* \* 7" \("7" outside 0–6; Sunday is 0 in KEDA's cron\)/,
  ],
  ["{kind: static}", /policies\[0\].count: nothing/],
  ["{kind: last-value, forecaster: ensemble}", /forecaster, which the kind last-value does not have/],
  ["{kind: hybrid, reactive: {kind: hpaa}}", /:7:37: .*"hpaa"; expected one of .*Did you mean "hpa"/],
  ["{kind: hybrid, reactive: {kind: hybrid}}", /"hybrid"; expected one of/],
  ["{kind: hybrid, reactive: {kind: hpa, min: 3}}", /unknown key "min". Move it one level up/],
  ["{kind: hybrid, reactive: {kind: hpa, targetUtilisation: 0}}", /reactive.targetUtilisation: 0/],
  ["{kind: predictive, challengers: [lstm]}", /:7:24: challengers of a forecaster that is not trained/],
  ["{kind: hpa, metricNames: {rps: demand}}", /:7:17: metricNames, and no manifest/],
  ["{kind: kubernetes}", /"kubernetes"; expected one of/],
  ["{kind: constructor}", /"constructor"; expected one of/],
  ["{kind: hpa, manifest: ./absent.yaml}", /absent.yaml: no such file/],
];

describe("bad knobs", () => {
  for (const [policy, message] of refusals) {
    it(`are refused with their place: ${policy}`, async () => {
      expect(await refusal(policy)).toMatch(message);
      expect(await refusal(policy)).toMatch(/^\S+:\d+:\d+: |absent/);
    });
  }
});

describe("good knobs", () => {
  it("of no kind are called like a knob that every policy takes", () => {
    for (const [kind, { knobs }] of Object.entries(policyKindSchemas))
      expect(
        Object.keys(knobs).filter((knob) => commonKnobNames.includes(knob)),
        kind,
      ).toEqual([]);
  });

  it("are in base units, with the kind's tick, scrape lag and bounds", async () => {
    const hpa = await read("{kind: hpa, scaleDown: {stabilisationWindow: 2min}}");
    expect(hpa).toMatchObject({ min: 1, max: 50, tickMs: 15_000, scrapeLagMs: 15_000 });
    expect(hpa.knobs).toEqual({ scaleDown: { stabilisationWindow: 120_000 } });
  });

  it("of a hybrid's reactive part keep their own tick and scrape lag", async () => {
    const { knobs, tickMs } = await read("{kind: hybrid, reactive: {kind: kpa, scaleDownDelay: 1min}}");
    expect(tickMs).toBe(5_000);
    expect(knobs.reactive).toEqual({
      kind: "kpa",
      tickMs: 2_000,
      scrapeLagMs: 1_000,
      knobs: { scaleDownDelay: 60_000 },
    });
    expect((await read("{kind: hybrid}")).knobs.reactive).toMatchObject({ kind: "hpa", tickMs: 15_000 });
  });
});
