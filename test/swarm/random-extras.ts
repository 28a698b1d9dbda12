import { Dice } from "./dice.js";

type Written = Record<string, unknown>;

/**
 * Features that are newer than the first swarm: elastic hosts, hangs, memory hogs, quarantine,
 * units and healthy times. They have their own random stream, so that a seed's scenario is
 * otherwise unchanged.
 */
export function withExtras(document: Written, seed: number, durationS: number): Written {
  const dice = new Dice(`swarm/${seed}/extras`);
  const fleet = document.fleet as Written;
  return {
    ...document,
    fleet: {
      ...fleet,
      regions: elasticRegions(dice, fleet.regions as readonly Written[], durationS),
      ...dice.maybe(0.3, "restart", () => ({ ...(fleet.restart as Written), healthyAfter: span(dice, durationS) })),
    },
    ...withFaults(dice, document, durationS),
    ...dice.maybe(0.4, "gateway", () => ({
      ...(document.gateway as Written),
      quarantine: { deaths: dice.whole(1, 3), window: span(dice, durationS), hold: span(dice, durationS) },
    })),
    policies: (document.policies as readonly Written[]).map((policy) => ({
      ...policy,
      ...dice.maybe(0.2, "unit", () => randomUnit(dice, "oomAbove" in ((document.faults as Written) ?? {}), durationS)),
    })),
  };
}

function span(dice: Dice, durationS: number): string {
  return `${Number((durationS * dice.number(0.001, 1)).toPrecision(3))}s`;
}

/** All regions or none: one policy scales the hosts of all of them. */
function elasticRegions(dice: Dice, regions: readonly Written[], durationS: number): readonly Written[] {
  if (!regions.every((region) => "hosts" in region) || dice.chance(0.5)) return regions;
  // A constant time: with a random one the clairvoyant's cost is a lower bound only in the mean.
  const spawn = `${Number((durationS * dice.number(0.0001, 0.2)).toPrecision(3))}s`;
  const policy = {
    kind: dice.pick(["predictive", "hpa", "square-root", "last-value"]),
    tick: `${Number((durationS / dice.whole(5, 100)).toPrecision(3))}s`,
  };
  return regions.map((region) => {
    const min = dice.whole(1, 2);
    return { ...region, hosts: { min, ...dice.maybe(0.8, "max", () => min + dice.whole(0, 5)), spawn, policy } };
  });
}

function withFaults(dice: Dice, document: Written, durationS: number): Written {
  const hangs = dice.maybe(0.3, "hangMtbf", () => span(dice, 5 * durationS));
  // Without a cap nothing would end a memory hog: refused.
  const classes = [(document.fleet as Written).streamlet].flat() as readonly Written[];
  const capped = classes.every((one) => "memory" in one);
  const hogs = dice.maybe(capped ? 0.6 : 0, "memoryHogMtbf", () => span(dice, 5 * durationS));
  const timeout = dice.maybe(0.5, "hangTimeout", () => span(dice, durationS / 10));
  const faults = { ...(document.faults as Written | undefined), ...hangs, ...hogs, ...timeout };
  return Object.keys(faults).length === 0 ? {} : { faults };
}

/**
 * Another unit of capacity for one policy. If streams need memory, the unit has enough for one.
 */
function randomUnit(dice: Dice, heavy: boolean, durationS: number): Written {
  return {
    slots: dice.pick([1, 3, 16, 100]),
    ...dice.maybe(0.5, "cpu", () => dice.number(0.1, 4)),
    ...dice.maybe(heavy ? 0 : 0.5, "memory", () => "256MiB"),
    ...dice.maybe(0.5, "spawn", () => `${Number((durationS * dice.number(0.00001, 0.1)).toPrecision(3))}s`),
    ...dice.maybe(0.5, "streamletHour", () => dice.number(0.001, 2)),
    ...dice.maybe(0.5, "streamletMtbf", () => span(dice, 5 * durationS)),
  };
}
