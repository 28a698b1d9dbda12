import type { PoolSize } from "../size.js";
import type { ExportSource } from "./export-file.js";

/** Where the scenario bounds nothing. */
const MOST_REPLICAS = 10_000;

/** Bounds of the replicas of one pool. */
export function replicaBounds({ scenario }: ExportSource): { readonly min: number; readonly max: number } {
  const [policy] = scenario.policies;
  const count = Number(policy.knobs.count);
  if (policy.kind === "static") return { min: count, max: count };
  return { min: policy.min, max: Math.min(policy.max, scenario.fleet.max, MOST_REPLICAS) };
}

/** The Deployment of a pool: a name as Kubernetes allows it (RFC 1123). */
export function deploymentName(pool: string): string {
  const safe = pool
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
  return safe === "" || safe === "default" ? "streamlets" : `streamlets-${safe.slice(0, 40)}`;
}

/** Pools that demand reaches. */
export function servedPools({ sizing }: ExportSource): readonly PoolSize[] {
  return sizing.pools.filter(({ peakLoad }) => peakLoad > 0);
}
