import { afterAll, describe, expect, it } from "vitest";
import { KnobScenario } from "./knob-scenario.js";

const knobs = new KnobScenario();
afterAll(() => knobs.dispose());
const read = knobs.read.bind(knobs);
const refusal = knobs.refusal.bind(knobs);
/** A manifest in a file of its own beside the scenario. */
const manifest = knobs.write.bind(knobs);

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
      metadata: {serverAddress: "http://p", query: x, metricName: sessions, threshold: "5", activationThreshold: "2"}
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
    const names = "{sessions: demand, rabbitmq: demand, prometheus: demand, rabbit: demand}";
    expect(await refusal(`{kind: keda, manifest: keda.yaml, metricNames: ${names}}`)).toMatch(
      /does not have: "rabbit"/,
    );
  });

  it("of KEDA may share its metricNames with manifests of other triggers", async () => {
    manifest("keda.yaml", kedaText);
    const own = "sessions: demand, rabbitmq: demand, prometheus: demand";
    const read1 = await read(`{kind: keda, manifest: keda.yaml, metricNames: {${own}}}`);
    const shared = `{${own}, kafka: demand, redis-streams: demand, cpu: open-streams, cron: demand}`;
    expect(await read(`{kind: keda, manifest: keda.yaml, metricNames: ${shared}}`)).toEqual(read1);
    // A cpu trigger means open streams / slots: another metric would have no effect.
    expect(await refusal(`{kind: keda, manifest: keda.yaml, metricNames: {${own}, cpu: demand}}`)).toMatch(
      /does not have: "cpu"/,
    );
  });

  it("of one version of the HPA names the version that has its key", async () => {
    manifest("hpa.yaml", `${hpaText}  targetCPUUtilizationPercentage: 60\n`);
    expect(await refusal("{kind: hpa, manifest: hpa.yaml}")).toMatch(/Percentage"\. autoscaling\/v1 has it/);
    manifest("hpa.yaml", hpaText.replace("autoscaling/v2", "autoscaling/v1"));
    expect(await refusal("{kind: hpa, manifest: hpa.yaml}")).toMatch(/"metrics"\. autoscaling\/v2 has it/);
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
      "apiVersion: autoscaling/v1\nkind: HorizontalPodAutoscaler\nmetadata:\n  annotations:\n " +
        "   autoscaling.alpha.kubernetes.io/metrics: '[]'\nspec: {maxReplicas: 3}\n",
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
