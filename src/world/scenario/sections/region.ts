import { z } from "../../../base/zod.js";
import type { ScenarioFault } from "../schema/issues.js";
import { name } from "../schema/name.js";
import { duration, openCount } from "../schema/quantity.js";
import type { FactWords } from "../section.js";
import { type HostsSpec, hostCaps, hostsInWords, hostsSchema } from "./hosts.js";

export interface RegionSpec {
  readonly name: string;
  /** Undefined = no host limits. */
  readonly hosts: HostsSpec | undefined;
  /** Most streamlets in this region. */
  readonly max: number;
  /** `distanceMs[j]` to region j; 0 to itself. */
  readonly distanceMs: readonly number[];
}

/**
 * Distance between two regions if none is given: half a world's round trip, so that given
 * distances are nearer.
 */
const UNKNOWN_DISTANCE_MS = 200;

export function regionSchema<P extends z.ZodType>(hostPolicy: P) {
  return z.strictObject({
    name: name.describe("The name of the region, as traffic and tables use it."),
    hosts: hostsSchema(hostPolicy)
      .optional()
      .describe("A fixed number of hosts, or hosts that are launched and ended; left out, hosts are no limit."),
    ...hostCaps,
    max: openCount.prefault("infinite").describe("Most streamlets in this region at once."),
    /**
     * To other regions by their names; a distance that only the other region gives holds both ways.
     */
    distance: z
      .record(z.string(), duration)
      .default({})
      .describe("Latency to other regions by name; each applies in both directions."),
  });
}
export type WrittenRegion = z.infer<ReturnType<typeof regionSchema<z.ZodType<{ readonly kind: string }>>>>;

/** Defaults of a region. The hash drops each value that equals its default. */
export const plainRegion: Partial<RegionSpec> = { hosts: undefined, max: Number.POSITIVE_INFINITY };

/** `distanceMs` from the `r`th of these regions to each of them. */
export function distancesFrom(
  r: number,
  names: readonly string[],
  written: readonly WrittenRegion[],
): readonly number[] {
  const given = (from: number, to: number): number | undefined => {
    const { distance } = written[from] ?? { distance: {} };
    return Object.hasOwn(distance, names[to]) ? distance[names[to]] : undefined;
  };
  return names.map((_, o) => (o === r ? 0 : (given(r, o) ?? given(o, r) ?? UNKNOWN_DISTANCE_MS)));
}

/** Distances to unknown regions, or to the region itself. */
export function distanceFaults(written: readonly WrittenRegion[], names: readonly string[]): ScenarioFault[] {
  return written.flatMap((region, r) =>
    Object.keys(region.distance)
      .filter((other) => other === region.name || !names.includes(other))
      .map((other) => ({
        path: ["fleet", "regions", r, "distance", other],
        atKey: true,
        got: other === region.name ? `the distance of "${other}" to itself` : `the unknown region "${other}"`,
        expected: `one of ${names.filter((one) => one !== region.name).join(", ") || "no region: there is no other"}`,
        remedy: "Name another region of fleet.regions, or leave it out",
      })),
  );
}

/** "eu (4 hosts, 8 cores each), at most 50 streamlets, 90 ms to us". */
export function regionInWords(region: RegionSpec, all: readonly RegionSpec[], words: FactWords): string {
  const own = all.indexOf(region);
  const distances = region.distanceMs.flatMap((ms, o) => {
    const isShown = o > own || (o < own && all[o].distanceMs[own] !== ms);
    return isShown && ms !== UNKNOWN_DISTANCE_MS ? [`${words.duration(ms)} to ${all[o].name}`] : [];
  });
  return [
    region.hosts === undefined ? region.name : `${region.name} (${hostsInWords(region.hosts, words)})`,
    ...(region.max === Number.POSITIVE_INFINITY ? [] : [`at most ${words.number(region.max)} streamlets`]),
    ...distances,
  ].join(", ");
}
