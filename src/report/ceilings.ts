import { shareOf } from "../model/hosts.js";
import type { Scenario } from "../world/scenario/scenario.js";
import type { RegionSpec } from "../world/scenario/sections/region.js";
import type { StreamletClassSpec } from "../world/scenario/sections/streamlet.js";

/** The most slots that something allows to be ready at once. */
export interface Ceiling {
  readonly name: string;
  readonly slots: number;
}

/**
 * The bounds on the capacity of a fleet, lowest first: the hosts, the regions' limits, the
 * fleet's max, and each policy's max. If classes differ, each bound counts the class that gives
 * the most slots, so that no fleet exceeds it.
 */
export function ceilingsOf({ fleet, policies }: Scenario): Ceiling[] {
  const { regions, classes, max } = fleet;
  const slots = Math.max(...classes.map((one) => one.slots));
  const hostRoom = sum(regions.map((region) => Math.max(...classes.map((one) => hostSlots(region, one)))));
  const regionRoom = slots * sum(regions.map((region) => region.max));
  const pools = regions.length * classes.length;
  const shared = [
    { name: "host room", slots: hostRoom },
    { name: "max of the regions", slots: regionRoom },
    { name: "max of the fleet", slots: slots * max },
  ];
  const lowest = Math.min(...shared.map((ceiling) => ceiling.slots));
  // A policy without its own max has the fleet's. A max above the shared bounds has no effect.
  const own = policies
    .map((policy) => ({ name: `max of ${policy.name}`, slots: pools * policy.max * (policy.unit?.slots ?? slots) }))
    .filter((ceiling) => ceiling.slots < lowest);
  return [...shared, ...own].filter((ceiling) => Number.isFinite(ceiling.slots)).sort((a, b) => a.slots - b.slots);
}

/** Slots of one class that the hosts of a region can hold; Infinity without host limits. */
function hostSlots({ hosts }: RegionSpec, one: StreamletClassSpec): number {
  if (hosts === undefined) return Number.POSITIVE_INFINITY;
  const count = hosts.elastic?.max ?? hosts.count;
  const perHost = 1 / shareOf(hosts, one);
  return Number.isFinite(perHost) ? count * Math.floor(perHost + 1e-9) * one.slots : Number.POSITIVE_INFINITY;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
