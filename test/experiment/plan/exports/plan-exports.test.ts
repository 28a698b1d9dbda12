import { readFileSync, writeFileSync } from "node:fs";
import { type INodePool, NodePool } from "@kubernetes-models/karpenter/karpenter.sh/v1";
import { ScaledObject } from "@kubernetes-models/keda/keda.sh/v1alpha1";
import { type IService, Service } from "@kubernetes-models/knative/serving.knative.dev/v1";
import { HorizontalPodAutoscaler } from "kubernetes-models/autoscaling/v2";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { z } from "zod";
import type { ExportFile } from "../../../../src/experiment/plan/exports/export-file.js";
import { hpaPatch } from "../../../../src/experiment/plan/exports/hpa-patch.js";
import { exportSource, planExports } from "../../../../src/experiment/plan/exports/plan-exports.js";
import { readQuestion } from "../../../../src/experiment/plan/question.js";
import { readScenario } from "../../../../src/experiment/scenario-file.js";
import { simulate } from "../../../../src/world/simulate.js";
import { noUserModules } from "../../../../src/world/user-modules.js";
import { scenarioFile } from "../small-worlds.js";

/** A day in two regions; the policy decides which manifests there are. */
function world(policy: string): string {
  return scenarioFile([
    "duration: 24h",
    "traffic: {source: sinusoid, rate: 10/min, amplitude: 0.8, mix: [{region: eu, share: 3}, {region: us, share: 2}]}",
    "streams: {holding: {kind: exponential, mean: 5min}, patience: 20s}",
    "fleet:",
    "  regions: [{name: eu, hosts: 6, cpu: 4, memory: 16GiB}, {name: us, hosts: 4, cpu: 4, memory: 16GiB}]",
    "  streamlet: {slots: 4, cpu: 0.5, memory: 96MiB, spawn: 90s}",
    "  max: 60",
    `policies: [${policy}]`,
    "slo: {startLatencyP95: 500ms}",
    "cost: {hostHour: 0.4}",
    "plan: {variables: {fleet.regions.eu.hosts: [5, 6]}}",
  ]);
}

async function exportsOf(policy: string): Promise<Map<string, string>> {
  const question = await readQuestion(world(policy));
  const design = { policy: 0, choice: [{ variable: question.variables[0], value: 5 }] };
  const files: readonly ExportFile[] = await planExports(question, design, "/tmp/exports");
  return new Map(files.map(({ name, text }) => [name, text]));
}

function objects(text: string | undefined): Record<string, unknown>[] {
  return parseAllDocuments(text ?? "").map((document) => document.toJS() as Record<string, unknown>);
}

const hpa =
  "{kind: hpa, targetUtilisation: 0.65, min: 3, max: 40, scaleUp: {tolerance: 0.02, stabilisationWindow: " +
  "30s}, scaleDown: {tolerance: 0.1, policies: [{type: Percent, value: 20, period: 1min}]}}";

/** Both policies decide the same at every tick of an hour. */
async function sameDecisions(policy: string, manifest: string, kind: string, names = ""): Promise<void> {
  const file = scenarioFile([]).replace(/\.yaml$/, `-${kind}-manifest.yaml`);
  writeFileSync(file, manifest);
  const own = await readScenario(world(policy), { duration: "4h" });
  const read = await readScenario(world(`{kind: ${kind}, manifest: "${file}"${names}}`), { duration: "4h" });
  const run = (scenario: typeof own) => simulate(scenario, scenario.policies[0], 0, noUserModules);
  expect(run(read).decisionDigest).toEqual(run(own).decisionDigest);
}

describe("the exports of a plan", () => {
  it("write HPAs that are valid and read back with the same decisions, tolerance per direction included", async () => {
    const text = (await exportsOf(hpa)).get("hpa.yaml");
    const [eu, us] = objects(text);
    for (const object of [eu, us]) expect(() => new HorizontalPodAutoscaler(object as never).validate()).not.toThrow();
    expect(() => new HorizontalPodAutoscaler({ ...eu, spec: { maxReplicas: "many" } } as never).validate()).toThrow();
    expect(eu).toMatchObject({ metadata: { name: "streamlets-eu" }, spec: { minReplicas: 3, maxReplicas: 40 } });
    expect(JSON.stringify(eu)).toContain('"tolerance":"20m"');
    await sameDecisions(hpa, (text ?? "").split("---")[0], "hpa");
  });

  it("write ScaledObjects with the day's demand as cron triggers, which our own importer reads", async () => {
    const keda = "{kind: keda, min: 2, triggers: [{metric: demand, threshold: 3}], cooldownPeriod: 2min}";
    const text = (await exportsOf(keda)).get("keda.yaml");
    const [eu] = objects(text);
    expect(() => new ScaledObject(eu as never).validate()).not.toThrow();
    const { triggers } = eu.spec as {
      readonly triggers: readonly { readonly type: string; readonly metadata: Record<string, string> }[];
    };
    const crons = triggers
      .filter(({ type }) => type === "cron")
      .map(({ metadata }) => Number(metadata.desiredReplicas));
    // The peak of 6 · (1 + 0.8) requests a minute × 5 min holds 54 streams in slots of 4.
    expect(Math.max(...crons)).toBeGreaterThanOrEqual(14);
    expect(Math.min(...crons)).toBeLessThan(8);
    const file = world(keda).replace(".yaml", "-scaled.yaml");
    writeFileSync(file, (text ?? "").split("---")[0]);
    const scenario = await readScenario(world(`{kind: keda, manifest: "${file}"}`));
    const read = scenario.policies[0].knobs.triggers as readonly {
      readonly type?: string;
      readonly desiredReplicas?: number;
    }[];
    expect(read.filter(({ type }) => type === "cron").map(({ desiredReplicas }) => desiredReplicas)).toEqual(crons);
    expect(read).toContainEqual({ name: "demand", metric: "demand", threshold: 3 });
  });

  it("write Knative annotations of a KPA policy", async () => {
    const [eu] = objects(
      (await exportsOf("{kind: kpa, targetUtilisation: 0.6, stableWindow: 90s, min: 1}")).get("knative.yaml"),
    );
    expect(() => new Service(eu as never).validate()).not.toThrow();
    // The compiler refuses a field that Knative's schema does not have.
    const wanted = {
      apiVersion: "serving.knative.dev/v1",
      kind: "Service",
      metadata: { name: "streamlets-eu" },
      spec: {
        template: {
          metadata: {
            annotations: {
              "autoscaling.knative.dev/class": "kpa.autoscaling.knative.dev",
              "autoscaling.knative.dev/metric": "concurrency",
              "autoscaling.knative.dev/target": "4",
              "autoscaling.knative.dev/target-utilization-percentage": "60",
              "autoscaling.knative.dev/window": "90s",
              "autoscaling.knative.dev/min-scale": "1",
              "autoscaling.knative.dev/max-scale": "60",
            },
          },
          spec: { containerConcurrency: 4, containers: [{ name: "streamlet", image: "REPLACE-WITH-YOUR-IMAGE" }] },
        },
      },
    } satisfies IService;
    expect(eu).toEqual(wanted);
  });

  it("write CapacityBuffers whose headroom is the growth of demand within a spawn", async () => {
    const [eu, us] = objects((await exportsOf("{kind: square-root}")).get("capacity-buffer.yaml"));
    const schema = z.fromJSONSchema(
      JSON.parse(readFileSync(new URL("capacity-buffer.schema.json", import.meta.url), "utf8")),
    );
    for (const object of [eu, us]) expect(schema.safeParse(object).success).toBe(true);
    expect(schema.safeParse({ ...eu, spec: { replicas: -1 } }).success).toBe(false);
    expect((eu.spec as { readonly replicas: number }).replicas).toBeGreaterThanOrEqual(1);
  });

  it("write NodePools that hold the plan's hosts", async () => {
    const pools = objects((await exportsOf("{kind: square-root}")).get("node-pool.yaml"));
    for (const pool of pools) expect(() => new NodePool(pool as never).validate()).not.toThrow();
    // As above: the compiler knows the fields of Karpenter's schema.
    const wanted = (name: string, limits: { readonly cpu: string; readonly memory: string }) =>
      ({
        apiVersion: "karpenter.sh/v1",
        kind: "NodePool",
        metadata: { name },
        spec: {
          template: {
            spec: {
              nodeClassRef: { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name },
              requirements: [{ key: "karpenter.sh/capacity-type", operator: "In", values: ["on-demand"] }],
            },
          },
          limits,
        },
      }) satisfies INodePool;
    expect(pools).toEqual([
      wanted("streamlets-eu", { cpu: "20", memory: "81920Mi" }),
      wanted("streamlets-us", { cpu: "16", memory: "65536Mi" }),
    ]);
  });

  it("write AWS target tracking and scheduled actions as their API takes them", async () => {
    const files = await exportsOf("{kind: aws-target-tracking, targetUtilisation: 0.6, scaleInCooldown: 5min}");
    const tracking = z.strictObject({
      ServiceNamespace: z.literal("ecs"),
      ResourceId: z.string().regex(/^service\/.+\/.+$/),
      ScalableDimension: z.literal("ecs:service:DesiredCount"),
      PolicyName: z.string(),
      PolicyType: z.literal("TargetTrackingScaling"),
      TargetTrackingScalingPolicyConfiguration: z.strictObject({
        TargetValue: z.literal(60),
        PredefinedMetricSpecification: z.strictObject({
          PredefinedMetricType: z.literal("ECSServiceAverageCPUUtilization"),
        }),
        ScaleInCooldown: z.literal(300),
      }),
    });
    tracking.parse(JSON.parse(files.get("aws-target-tracking-streamlets-eu.json") ?? ""));
    const actions = JSON.parse(files.get("aws-scheduled-actions-streamlets-eu.json") ?? "");
    const action = z.strictObject({
      ServiceNamespace: z.string(),
      ResourceId: z.string(),
      ScalableDimension: z.string(),
      ScheduledActionName: z.string(),
      Schedule: z.string().regex(/^cron\(0 \d{1,2} \* \* \? \*\)$/),
      Timezone: z.literal("UTC"),
      ScalableTargetAction: z.strictObject({ MinCapacity: z.number().int(), MaxCapacity: z.number().int() }),
    });
    expect(z.array(action).min(4).safeParse(actions).success).toBe(true);
  });

  it("write a scenario with the plan's values, which is read like any other", async () => {
    const text = (await exportsOf(hpa)).get("scenario.yaml") ?? "";
    const file = world(hpa).replace(".yaml", "-live.yaml");
    writeFileSync(file, text);
    const scenario = await readScenario(file);
    expect(scenario.fleet.regions[0].hosts?.count).toBe(5);
    expect(text).not.toContain("plan:");
  });

  it("show what changes in the manifest in use, and keep its comments", async () => {
    const question = await readQuestion(world(hpa));
    const source = await exportSource(question, { policy: 0, choice: [{ variable: question.variables[0], value: 5 }] });
    const file = world(hpa).replace(".yaml", "-used.yaml");
    writeFileSync(
      file,
      "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata:\n " +
        " name: mine # ours\nspec:\n  minReplicas: 3\n  maxReplicas: 99\n",
    );
    const patch = await hpaPatch(file, source);
    expect(patch).toContain("-   maxReplicas: 99");
    expect(patch).toContain("+   maxReplicas: 40");
    expect(patch).toContain("    name: mine # ours");
    expect(patch).toContain("    minReplicas: 3");
    const other = await readQuestion(world("{kind: square-root}"));
    const foreign = await exportSource(other, { policy: 0, choice: [{ variable: other.variables[0], value: 5 }] });
    await expect(hpaPatch(file, foreign)).rejects.toThrow(/a plan whose policy is square-root; expected hpa/);
  });
});
