import { InputError, type SourcePlace } from "../../base/errors.js";
import { formatDuration } from "../../base/units.js";
import type { Scenario } from "../../world/scenario/scenario.js";
import { offeredLoads } from "./offered.js";

/**
 * Spot hosts that are reclaimed together: their share of all hosts, and the time between notice
 * and end.
 */
export interface Reclaim {
  readonly share: number;
  readonly noticeMs: number;
}

/**
 * A share of the hosts of every region is taken back at the peak of the offered load, for the
 * rest of the day. From the notice on they take no new streamlet and those on them drain; at the
 * end the remaining streams are interrupted. Throws InputError if no host could be taken back.
 */
export function reclaimedHosts(
  scenario: Scenario,
  { share, noticeMs }: Reclaim,
  where: SourcePlace,
): { readonly name: string; readonly apply: (world: Scenario) => Scenario } {
  const hosts = scenario.fleet.regions.flatMap((region) => (region.hosts === undefined ? [] : [region.hosts]));
  if (hosts.length === 0 || hosts.some(({ elastic }) => elastic !== undefined)) {
    throw new InputError({
      code: "HR1705",
      where,
      got: hosts.length === 0 ? "reclaimed hosts, and no hosts" : "reclaimed hosts where hosts come and go",
      expected: "a fixed number of hosts in fleet.regions",
      remedy: "Give a region hosts: 8, or leave it out",
    });
  }
  const atMs = peakOf(scenario);
  const notice = noticeMs === 0 ? "without notice" : `at ${formatDuration(noticeMs)} notice`;
  return {
    name: `${Number((100 * share).toPrecision(3))} % of all hosts reclaimed ${notice} at the peak`,
    apply: (world) => ({ ...world, faults: { ...world.faults, reclaim: { share, atMs, noticeMs } } }),
  };
}

/** The instant of the measured time with the largest offered load of all pools together. */
function peakOf(scenario: Scenario): number {
  const { binMs, firstBin, pools } = offeredLoads(scenario);
  const total = (bin: number): number => pools.reduce((sum, { load }) => sum + load[bin], 0);
  let peak = firstBin;
  for (let bin = firstBin; bin < pools[0].load.length; bin++) if (total(bin) > total(peak)) peak = bin;
  return Math.max(scenario.warmupMs, Math.min((peak + 1) * binMs, scenario.durationMs - 1));
}
