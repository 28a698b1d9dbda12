import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parseScenario } from "../../src/experiment/scenario-file.js";
import type { PolicySpec } from "../../src/world/scenario/policy-spec.js";

const folder = mkdtempSync(join(tmpdir(), "headrace-manifests-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function policyOf(kind: "hpa" | "keda", text: string, more = "", object = ""): Promise<PolicySpec> {
  writeFileSync(join(folder, "m.yaml"), text);
  const scenario = `name: t
duration: 1h
traffic: {source: poisson, rate: 1/s}
streams: {holding: {kind: exponential, mean: 1min}}
fleet: {streamlet: {slots: 4}, max: 50}
policies: [{kind: ${kind}, manifest: "m.yaml${object}"${more}}]
`;
  return (await parseScenario(join(folder, "scenario.yaml"), scenario)).policies[0];
}

function scaledObject(triggers: readonly string[], spec: readonly string[] = [], metadata = "{name: web}"): string {
  const lines = ["apiVersion: keda.sh/v1alpha1", "kind: ScaledObject", `metadata: ${metadata}`, "spec:"];
  return [...lines, ...spec.map((line) => `  ${line}`), "  triggers:", ...triggers.map((one) => `  - ${one}`), ""].join(
    "\n",
  );
}

const names = ", metricNames: {a: open-streams, b: waiting-requests}";
const two = [
  '{type: prometheus, name: a, metadata: {threshold: "10"}}',
  '{type: prometheus, name: b, metadata: {threshold: "10"}}',
];
const formula = (text: string): string => `advanced: {scalingModifiers: {formula: "${text}", target: "25"}}`;

describe("a ScaledObject", () => {
  it("with a formula keeps the formula and the names of its triggers", async () => {
    const { knobs } = await policyOf("keda", scaledObject(two, [formula("a + 10*b")]), names);
    expect(knobs.scalingModifiers).toEqual({ formula: "a + 10*b", target: 25 });
    expect(knobs.triggers).toMatchObject([
      { name: "a", metric: "open-streams" },
      { name: "b", metric: "waiting-requests" },
    ]);
  });

  it.each([
    [
      "an operation that is not simulated",
      two,
      formula("count([a, b], {# > 1})"),
      /m.yaml:5:.*not understood \(the func/,
    ],
    ["a name without trigger", two, formula("a + c"), /m.yaml:5:.*no trigger named "c"/],
    ["two triggers of one name", [two[0], two[0]], formula("a"), /two triggers named "a"/],
    ["an unknown key of advanced", two, "advanced: {scalingModifier: {}}", /m.yaml:5:.*scalingModifier"/],
    ["cached metrics", ["{type: kafka, useCachedMetrics: true, metadata: {}}"], "", /useCachedMetrics/],
    ["a cpu trigger without its type", ['{type: cpu, metadata: {value: "60"}}'], "", /m.yaml:7:5:.*of type nothing/],
    ["cpu as an absolute value", ["{type: cpu, metricType: AverageValue, metadata: {value: 1}}"], "", /AverageValue/],
    [
      "cpu alone and a minimum of 0",
      ['{type: memory, metricType: Utilization, metadata: {value: "60"}}'],
      "minReplicaCount: 0",
      /m.yaml:5:.*cpu and memory triggers alone/,
    ],
    ["a cron trigger without end", ['{type: cron, metadata: {timezone: UTC, start: "0 9 * * *"}}'], "", /without end/],
    [
      "a Sunday written as 7, which robfig/cron refuses",
      ['{type: cron, metadata: {timezone: UTC, start: "0 9 * * 7", end: "0 10 * * 0", desiredReplicas: 3}}'],
      "",
      /m.yaml:7:\d+:.*"0 9 \* \* 7" \("7" outside 0–6; Sunday is 0 in KEDA's cron\)/,
    ],
    [
      "a zone that is none",
      ['{type: cron, metadata: {timezone: Mars, start: "0 9 * * *", end: "0 10 * * *", desiredReplicas: 3}}'],
      "",
      /"Mars"; expected an IANA zone/,
    ],
    ["a scaler without its threshold", ["{type: postgresql, metadata: {query: x}}"], "", /expected targetQueryValue/],
    [
      "Utilization of a queue",
      ['{type: rabbitmq, metricType: Utilization, metadata: {value: "5"}}'],
      "",
      /Utilization/,
    ],
    [
      "an idle count that is not below the minimum",
      two,
      "idleReplicaCount: 0",
      /m.yaml:5:21: spec.idleReplicaCount: idleReplicaCount 0 with minReplicaCount 0/,
    ],
    ["a fallback without its threshold", two, "fallback: {replicas: 3}", /m.yaml:5:.*fallback.failureThreshold/],
    ["two thresholds", ['{type: rabbitmq, metadata: {value: "5", queueLength: "7"}}'], "", /queueLength beside value/],
    [
      "the activation of another scaler, which KEDA passes over",
      ['{type: rabbitmq, metadata: {value: "5", activationThreshold: "7"}}'],
      "",
      /activationThreshold of a rabbitmq trigger; expected activationValue/,
    ],
    [
      "an activation of a scaler that has none",
      ["{type: github-runner, metadata: {activationTargetWorkflowQueueLength: 1}}"],
      "",
      /activationTargetWorkflowQueueLength of a github-runner trigger; expected no activation: this scaler has none/,
    ],
    [
      "an activation named after a threshold that has none",
      ["{type: redis-streams, metadata: {streamLength: 5, activationStreamLength: 1}}"],
      "",
      /activationStreamLength of a redis-streams trigger; expected activationLagCount/,
    ],
  ])("is refused at its place for %s", async (_name, triggers, line, message) => {
    const more =
      ", metricNames: {a: open-streams, b: demand, kafka: demand, postgresql: " +
      "demand, rabbitmq: demand, github-runner: demand, redis-streams: demand}";
    const text = scaledObject(triggers, line === "" ? ["pollingInterval: 30"] : [line]);
    await expect(policyOf("keda", text, more)).rejects.toThrow(message);
  });

  it("that is paused is refused", async () => {
    const text = scaledObject(two, [], '{annotations: {autoscaling.keda.sh/paused-replicas: "2"}}');
    await expect(policyOf("keda", text, names)).rejects.toThrow(/m.yaml:3:.*paused/);
    const not = scaledObject(two, [], '{annotations: {autoscaling.keda.sh/paused: "false"}}');
    expect(await policyOf("keda", not, names)).toMatchObject({ kind: "keda" });
  });

  it("takes an idle count below the minimum, a fallback that cannot act, a threshold's activation", async () => {
    const spec = ["minReplicaCount: 2", "idleReplicaCount: 0", "fallback: {failureThreshold: 3, replicas: 6}"];
    const trigger = '{type: rabbitmq, metadata: {value: "5", activationValue: "20"}}';
    const { min, knobs } = await policyOf("keda", scaledObject([trigger], spec), ", metricNames: {rabbitmq: demand}");
    expect(min).toBe(2);
    expect(knobs).toMatchObject({ idleReplicaCount: 0, triggers: [{ threshold: 5, activationThreshold: 20 }] });
  });

  it.each([
    '{type: cpu, metricType: Utilization, metadata: {value: "60"}}',
    '{type: cpu, metadata: {type: Utilization, value: "60"}}',
    "{type: memory, metricType: Utilization, metadata: {value: 60}}",
  ])("takes %s for open streams / slots", async (trigger) => {
    const { knobs } = await policyOf("keda", scaledObject([trigger]));
    expect(knobs.triggers).toEqual([{ type: "resource", targetUtilisation: 0.6 }]);
  });

  it("takes a cron trigger with its zone", async () => {
    const cron =
      '{type: cron, metadata: {timezone: Europe/London, start: 0 9 * * 1-5, end: 0 17 * * 1-5, desiredReplicas: "10"}}';
    const { knobs } = await policyOf("keda", scaledObject([cron]));
    expect(knobs.triggers).toEqual([
      { type: "cron", timezone: "Europe/London", start: "0 9 * * 1-5", end: "0 17 * * 1-5", desiredReplicas: 10 },
    ]);
  });

  it.each([
    ["azure-servicebus", "{messageCount: 7, activationMessageCount: 2}", { threshold: 7, activationThreshold: 2 }],
    ["redis-streams", "{pendingEntriesCount: 15}", { threshold: 15 }],
    ["postgresql", '{targetQueryValue: "4.4"}', { threshold: 4.4 }],
    ["kafka", "{topic: t}", { threshold: 10 }],
    ["aws-sqs-queue", "{queueURL: u}", { threshold: 5 }],
    ["artemis-queue", "{queueLength: 20}", { threshold: 20, activationThreshold: 10 }],
    ["artemis-queue", "{activationQueueLength: 0}", { threshold: 10, activationThreshold: 0 }],
    ["gcp-pubsub", "{subscriptionSize: 5, activationValue: 2}", { threshold: 5, activationThreshold: 2 }],
    ["graphite", "{query: q}", { threshold: 100 }],
    ["nsq", "{activationDepthThreshold: 3}", { threshold: 10, activationThreshold: 3 }],
    ["pulsar", "{msgBacklog: 5, activationMsgBacklogThreshold: 2}", { threshold: 5, activationThreshold: 2 }],
    ["rabbitmq", "{queueLength: 5, activationValue: 2}", { threshold: 5, activationThreshold: 2 }],
    ["redis-streams", "{lagCount: 5, activationLagCount: 3}", { threshold: 5, activationThreshold: 3 }],
    ["redis-cluster-streams", "{streamLength: 50, activationLagCount: 3}", { threshold: 50, activationThreshold: 3 }],
    ["redis-sentinel-streams", "{activationLagCount: 3}", { threshold: 5, activationThreshold: 3 }],
    ["selenium-grid", "{activationThreshold: 2}", { threshold: 1, activationThreshold: 2 }],
    ["solace-event-queue", "{messageReceiveRateTarget: 50}", { threshold: 50 }],
    ["solarwinds", "{targetValue: 5, activationValue: 2}", { threshold: 5, activationThreshold: 2 }],
    ["splunk", "{targetValue: 5, activationValue: 2}", { threshold: 5, activationThreshold: 2 }],
    ["splunk-observability", "{targetValue: 5, activationTargetValue: 2}", { threshold: 5, activationThreshold: 2 }],
  ])("knows the threshold and the activation of %s %s", async (type, metadata, expected) => {
    const text = scaledObject([`{type: ${type}, metadata: ${metadata}}`]);
    const { knobs } = await policyOf("keda", text, `, metricNames: {${type}: demand}`);
    expect(knobs.triggers).toEqual([{ metric: "demand", ...expected }]);
  });
});

const hpa = (name: string, percent: number): string => `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: ${name}}
spec:
  minReplicas: 2
  maxReplicas: 10
  metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: ${percent}}}}]
`;
describe("a manifest of a version that is not read", () => {
  it.each([
    ["autoscaling/v3", '"autoscaling/v3"'],
    ["autoscaling/v2beta1", '"autoscaling/v2beta1"'],
    ["", "null"],
  ])("has one fault, with all versions that are: %s", async (version, got) => {
    const keys = "spec: {maxReplicas: 0, targetCPU: 5, metrics: [{type: None}]}";
    const text = `apiVersion: ${version}\nkind: HorizontalPodAutoscaler\n${keys}\n`;
    const versions = "autoscaling/v2, autoscaling/v2beta2, autoscaling/v1";
    const message = `m.yaml:1:13: apiVersion: ${got}; expected one of ${versions}. kubectl`;
    const failed = policyOf("hpa", text);
    await expect(failed).rejects.toThrow(message);
    await expect(failed).rejects.toMatchObject({ others: [] });
  });

  it("is refused for KEDA, too", async () => {
    const text = scaledObject(two).replace("v1alpha1", "v2");
    await expect(policyOf("keda", text)).rejects.toThrow(/apiVersion: "keda.sh\/v2"; expected keda.sh\/v1alpha1/);
  });
});

const deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n";

describe("a HorizontalPodAutoscaler", () => {
  const wanted = { min: 2, max: 10, knobs: { metrics: [{ type: "resource", targetUtilisation: 0.6 }] } };
  const indented = hpa("web", 60).replaceAll("\n", "\n    ");

  it.each([
    ["behind another document", `${deployment}---\n${hpa("web", 60)}`],
    ["between markers", `---\n# Source: web/hpa.yaml\n${hpa("web", 60)}---\n`],
    ["in a List", `apiVersion: v1\nkind: List\nitems:\n  - ${indented}`],
    ["of v2beta2", hpa("web", 60).replace("/v2", "/v2beta2")],
    [
      "of v1",
      hpa("web", 60)
        .replace("/v2", "/v1")
        .replace(/metrics: .*/, "targetCPUUtilizationPercentage: 60"),
    ],
  ])("is read %s", async (_name, text) => {
    expect(await policyOf("hpa", text)).toMatchObject(wanted);
  });

  const resource = "{name: cpu, target: {type: Utilization, averageUtilization: 60}}";
  const external = "metric: {name: a}, target: {type: AverageValue, averageValue: 5";
  it.each([
    [
      "two values in a target",
      `{type: External, external: {${external}, value: 9}}}`,
      /target: averageValue and value/,
    ],
    [
      "two metrics in an entry",
      `{type: Resource, resource: ${resource}, pods: {${external}}}}`,
      /metrics\[0\].pods: pods in a metric of type Resource; expected resource alone/,
    ],
    [
      "a container's metric without the container",
      `{type: ContainerResource, containerResource: ${resource}}`,
      /a ContainerResource without container/,
    ],
    [
      "a container of a whole pod's metric",
      `{type: Resource, resource: ${resource.replace("cpu", "cpu, container: app")}}`,
      /a container in a Resource metric/,
    ],
  ])("is refused at its place for %s, as by the API server", async (_name, metric, message) => {
    const text = hpa("web", 60).replace(/metrics: .*/, `metrics: [${metric}]`);
    await expect(policyOf("hpa", text, names)).rejects.toThrow(message);
    await expect(policyOf("hpa", text, names)).rejects.toThrow(/^m.yaml:7:|\/m.yaml:7:/);
  });

  it("keeps every one of several metrics, a container's too; an empty list is CPU at 80 %", async () => {
    const cpu = resource.replace("cpu", "cpu, container: app");
    const metrics = `[{type: ContainerResource, containerResource: ${cpu}}, {type: Pods, pods: {${external}}}}]`;
    const both = await policyOf(
      "hpa",
      hpa("web", 60).replace(/metrics: .*/, `metrics: ${metrics}`),
      ", metricNames: {a: open-streams}",
    );
    expect(both.knobs.metrics).toEqual([
      { type: "resource", targetUtilisation: 0.6 },
      { type: "pods", metric: "open-streams", averageValue: 5 },
    ]);
    const none = await policyOf("hpa", hpa("web", 60).replace(/metrics: .*/, "metrics: []"));
    expect(none.knobs.metrics).toEqual([{ type: "resource", targetUtilisation: 0.8 }]);
  });

  it("is chosen by its name where there are several", async () => {
    const text = `${hpa("api", 80)}---\n${hpa("web", 60)}`;
    expect(await policyOf("hpa", text, "", "#web")).toMatchObject(wanted);
    await expect(policyOf("hpa", text)).rejects.toThrow(/2 of kind HorizontalPodAutoscaler: api, web.*m.yaml#api/);
    await expect(policyOf("hpa", text, "", "#wb")).rejects.toThrow(/no HorizontalPodAutoscaler named "wb"/);
  });

  it("in a List is refused at its own place", async () => {
    const text = `apiVersion: v1\nkind: List\nitems:\n  - ${indented}`.replace("maxReplicas: 10", "maxReplicas: 0");
    await expect(policyOf("hpa", text)).rejects.toThrow(/m.yaml:9:\d+: .*maxReplicas/);
  });

  it("as a Helm template is refused with the command that renders it", async () => {
    const text = hpa("web", 60).replace("minReplicas: 2", "minReplicas: {{ .Values.min }}");
    await expect(policyOf("hpa", text)).rejects.toThrow(/m.yaml:5:16: a Helm template.*helm template/);
  });
});

describe("another kind of policy", () => {
  it("says what to write in place of a manifest", async () => {
    const asked = (kind: string) => policyOf(kind as "hpa", hpa("web", 60));
    await expect(asked("kpa")).rejects.toThrow(/unknown key "manifest".*target as concurrencyTarget/);
    await expect(asked("predictive")).rejects.toThrow(/Manifests are read for hpa and keda/);
  });
});
