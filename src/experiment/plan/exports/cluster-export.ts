import { distributionOf } from "../../../base/distribution.js";
import { formatDuration } from "../../../base/units.js";
import { type ExportFile, type ExportSource, manifestText } from "./export-file.js";
import { deploymentName, servedPools } from "./served-pools.js";

/** CapacityBuffers: spare capacity for the streamlets that demand adds during one spawn. */
export function capacityBufferExport(source: ExportSource): ExportFile[] {
  const { fleet } = source.scenario;
  const objects = servedPools(source).map(({ pool, growthPerSpawn, slots }) => ({
    apiVersion: "autoscaling.x-k8s.io/v1beta1",
    kind: "CapacityBuffer",
    metadata: { name: `${deploymentName(pool)}-headroom` },
    spec: {
      provisioningStrategy: "buffer.x-k8s.io/active-capacity",
      scalableRef: { apiGroup: "apps", kind: "Deployment", name: deploymentName(pool) },
      replicas: Math.max(1, Math.ceil(growthPerSpawn / slots - 1e-9)),
    },
  }));
  const spawnMs = Math.max(...fleet.classes.map(({ spawn }) => distributionOf(spawn.law).mean));
  const spawn = formatDuration(spawnMs);
  const comment = `replicas = the steepest growth of demand within one spawn (${spawn}) / slots, at least 1.`;
  return [{ name: "capacity-buffer.yaml", text: manifestText(comment, objects) }];
}

/** Karpenter NodePools with as many hosts as the plan; none without a host size. */
export function nodePoolExport({ scenario }: ExportSource): ExportFile[] {
  const objects = scenario.fleet.regions.flatMap(({ name, hosts }) => {
    if (hosts === undefined) return [];
    const count = hosts.elastic === undefined ? hosts.count : hosts.elastic.max;
    const limits = {
      ...(hosts.cpu === Infinity ? {} : { cpu: String(count * hosts.cpu) }),
      ...(hosts.memoryBytes === Infinity ? {} : { memory: `${Math.round((count * hosts.memoryBytes) / 1_048_576)}Mi` }),
    };
    if (Object.keys(limits).length === 0) return [];
    const pool = deploymentName(name);
    return [
      {
        apiVersion: "karpenter.sh/v1",
        kind: "NodePool",
        metadata: { name: pool },
        spec: {
          template: {
            spec: {
              nodeClassRef: { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: pool },
              requirements: [{ key: "karpenter.sh/capacity-type", operator: "In", values: ["on-demand"] }],
            },
          },
          limits,
        },
      },
    ];
  });
  if (objects.length === 0) return [];
  return [{ name: "node-pool.yaml", text: manifestText("limits = the plan's hosts × what one host has.", objects) }];
}
