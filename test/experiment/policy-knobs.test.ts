import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { InputError } from "../../src/base/errors.js";
import { readScenario } from "../../src/experiment/scenario-file.js";
import type { PolicySpec } from "../../src/world/scenario/policy-spec.js";
import { commonKnobNames } from "../../src/world/scenario/schema/policies/common.js";
import { policyKindSchemas } from "../../src/world/scenario/schema/policies/kinds.js";

const folder = mkdtempSync(join(tmpdir(), "headrace-knobs-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The policy stands in line 7 and begins in column 5. */
function scenarioWith(policy: string): string {
  const file = join(folder, "scenario.yaml");
  const lines = [
    "name: knobs",
    "duration: 1h",
    "traffic: {source: poisson, rate: 1/s}",
    "streams: {holding: {kind: exponential, mean: 1min}}",
    "fleet: {streamlet: {slots: 8}, max: 50}",
    "policies:",
    `  - ${policy}`,
  ];
  writeFileSync(file, `${lines.join("\n")}\n`);
  return file;
}

async function read(policy: string): Promise<PolicySpec> {
  return (await readScenario(scenarioWith(policy))).policies[0];
}

async function refusal(policy: string): Promise<string> {
  const error = await read(policy).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof InputError)) throw new Error(`"${policy}" was not refused but gave ${error}`);
  return error.message.replaceAll(folder, "");
}

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
  ["{kind: hpa, targetUtilization: 0.7}", /:7:17: unknown key "targetUtilization". Did you mean "targetUtilisation"/],
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

/** A manifest in a file of its own beside the scenario. */
function manifest(name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}

const hpaText = `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: streams}
spec:
  minReplicas: 2
  maxReplicas: 30
  metrics:
    - type: Resource
      resource: {name: cpu, target: {type: Utilization, averageUtilization: 75}}
    - type: Pods
      pods: {metric: {name: sessions}, target: {type: AverageValue, averageValue: 500m}}
    - type: Object
      object: {metric: {name: demand}, describedObject: {kind: Ingress, name: x}, target: {type: Value, value: 1k}}
  behavior:
    scaleUp: {tolerance: 50m, policies: [{type: Percent, value: 50, periodSeconds: 30}]}
    scaleDown: {stabilizationWindowSeconds: 60, selectPolicy: Min}
`;

const kedaText = `apiVersion: keda.sh/v1alpha1
kind: ScaledObject
spec:
  scaleTargetRef: {name: streams}
  pollingInterval: 10
  cooldownPeriod: 60
  triggers:
    - type: prometheus
      metadata: {serverAddress: "http://prometheus", query: sum(x), metricName: sessions, threshold: "5", activationThreshold: "2"}
    - type: rabbitmq
      metricType: Value
      metadata: {queueName: waiting, value: "20"}
`;

describe("a Kubernetes manifest", () => {
  it("of a HorizontalPodAutoscaler is a set of knobs", async () => {
    manifest("hpa.yaml", hpaText);
    const policy = await read("{kind: hpa, manifest: hpa.yaml, metricNames: {sessions: open-streams}}");
    expect(policy).toMatchObject({ min: 2, max: 30 });
    expect(policy.knobs).toEqual({
      metrics: [
        { type: "resource", targetUtilisation: 0.75 },
        { type: "pods", metric: "open-streams", averageValue: 0.5 },
        { type: "external", metric: "demand", value: 1000 },
      ],
      scaleUp: { tolerance: 0.05, policies: [{ type: "Percent", value: 50, period: 30_000 }] },
      scaleDown: { stabilisationWindow: 60_000, select: "Min" },
    });
  });

  it("has each name that metricNames explains", async () => {
    manifest("hpa.yaml", hpaText);
    const wrong = await refusal("{kind: hpa, manifest: hpa.yaml, metricNames: {sessions: demand, session: demand}}");
    expect(wrong).toMatch(
      /\.yaml:\d+:\d+: a name that .*hpa.yaml does not have: "session"; expected one of sessions, demand/,
    );
    manifest("keda.yaml", kedaText);
    const names = "{sessions: demand, rabbitmq: demand, prometheus: demand, cpu: demand}";
    expect(await refusal(`{kind: keda, manifest: keda.yaml, metricNames: ${names}}`)).toMatch(/does not have: "cpu"/);
  });

  it("may have minReplicas 0 where a metric needs no pod", async () => {
    manifest("hpa.yaml", hpaText.replace("sessions", "demand").replace("minReplicas: 2", "minReplicas: 0"));
    expect(await read("{kind: hpa, manifest: hpa.yaml}")).toMatchObject({ min: 0 });
  });

  it("yields to knobs beside it", async () => {
    manifest("hpa.yaml", hpaText.replace("sessions", "demand"));
    expect(await read("{kind: hpa, manifest: hpa.yaml, min: 4}")).toMatchObject({ min: 4, max: 30 });
  });

  it("of a ScaledObject is a set of knobs, with KEDA's own bounds", async () => {
    manifest("keda.yaml", kedaText);
    const names = "{sessions: open-streams, rabbitmq: waiting-requests}";
    const policy = await read(`{kind: keda, manifest: keda.yaml, metricNames: ${names}}`);
    expect(policy).toMatchObject({ min: 0, max: 100 });
    expect(policy.knobs).toEqual({
      triggers: [
        { metric: "open-streams", threshold: 5, activationThreshold: 2 },
        { metric: "waiting-requests", threshold: 20, metricType: "Value" },
      ],
      pollingInterval: 10_000,
      cooldownPeriod: 60_000,
    });
  });

  it("serves a hybrid's reactive part, whose bounds are the hybrid's", async () => {
    manifest("hpa.yaml", hpaText.replace("sessions", "demand"));
    const policy = await read("{kind: hybrid, reactive: {kind: hpa, manifest: hpa.yaml}}");
    expect(policy).toMatchObject({ kind: "hybrid", min: 2, max: 30 });
    expect(policy.knobs.reactive).toMatchObject({ kind: "hpa", knobs: { scaleDown: { select: "Min" } } });
  });

  const faults: readonly (readonly [string, string, string, RegExp])[] = [
    ["an unknown metric", "hpa", hpaText, /hpa.yaml:11:29: .*"sessions".*metricNames: {"sessions": /],
    ["another version", "hpa", hpaText.replace("/v2", "/v3"), /hpa.yaml:1:13: apiVersion: "autoscaling\/v3"/],
    ["minReplicas above maxReplicas", "hpa", hpaText.replace("maxReplicas: 30", "maxReplicas: 1"), /hpa.yaml:5:16: /],
    [
      "minReplicas 0 and metrics of pods alone",
      "hpa",
      hpaText.replace("minReplicas: 2", "minReplicas: 0").replace(/ {4}- type: Object\n.*\n/, ""),
      /hpa.yaml:5:16: .*minReplicas 0 without an Object or External metric; expected 1 or more/,
    ],
    [
      "v1 and metrics in an annotation",
      "hpa",
      "apiVersion: autoscaling/v1\nkind: HorizontalPodAutoscaler\nmetadata:\n  annotations:\n    autoscaling.alpha.kubernetes.io/metrics: '[]'\nspec: {maxReplicas: 3}\n",
      /hpa.yaml:5:5: autoscaling.alpha.kubernetes.io\/metrics, which v1 has no field for; expected autoscaling\/v2/,
    ],
    [
      "a tolerance in per cent",
      "hpa",
      hpaText.replace("tolerance: 50m", "tolerance: 5%"),
      /hpa.yaml:15:\d+: .*"5%"; expected a quantity, 0 or more. For example 0.05/,
    ],
    [
      "a threshold that KEDA cannot parse",
      "keda",
      kedaText.replace('threshold: "5"', 'threshold: "1k"'),
      /keda.yaml:9:\d+: .*"1k"; expected a number, 0 or more, without a unit/,
    ],
    [
      "a threshold of 0",
      "keda",
      kedaText.replace('threshold: "5"', 'threshold: "0"'),
      /"0"; expected a number above 0/,
    ],
    [
      "minReplicas 0 and no metric",
      "hpa",
      "apiVersion: autoscaling/v1\nkind: HorizontalPodAutoscaler\nspec: {minReplicas: 0, maxReplicas: 3}\n",
      /hpa.yaml:3:\d+: .*minReplicas 0 without/,
    ],
    [
      "no maxReplicas",
      "hpa",
      hpaText.replace("  maxReplicas: 30\n", ""),
      /hpa.yaml:\d+:\d+: spec.maxReplicas: nothing/,
    ],
    [
      "a misspelt key",
      "hpa",
      hpaText.replace("minReplicas", "minReplica"),
      /hpa.yaml:5:3: .*Did you mean "minReplicas"/,
    ],
    ["a target of 0", "hpa", hpaText.replace("500m", '"0"'), /hpa.yaml:11:\d+: .*"0"; expected a positive quantity/],
    [
      "an absolute CPU target",
      "hpa",
      hpaText.replace("type: Utilization, averageUtilization: 75", "type: AverageValue, averageValue: 1"),
      /hpa.yaml:9:\d+: .*expected type: Utilization/,
    ],
    ["a period of an hour", "hpa", hpaText.replace("periodSeconds: 30", "periodSeconds: 3600"), /periodSeconds: 3600/],
    ["bad YAML", "hpa", "spec: [", /hpa.yaml:\d+:\d+: YAML that cannot be read/],
    ["an unknown trigger", "keda", kedaText, /keda.yaml:8:7: .*"sessions" or "prometheus"/],
    [
      "a trigger without a threshold",
      "keda",
      kedaText.replace('threshold: "5", ', ""),
      /keda.yaml:9:\d+: .*without a threshold/,
    ],
    ["no trigger", "keda", kedaText.replace(/triggers:[\s\S]*/, "triggers: []\n"), /keda.yaml:7:\d+: spec.triggers/],
    ["another kind", "keda", kedaText.replace("ScaledObject", "ScaledJob"), /keda.yaml:2:7: kind: "ScaledJob"/],
  ];
  for (const [what, kind, text, message] of faults) {
    it(`with ${what} is refused at its own place`, async () => {
      manifest(`${kind}.yaml`, text);
      expect(await refusal(`{kind: ${kind}, manifest: ${kind}.yaml}`)).toMatch(message);
    });
  }
});
