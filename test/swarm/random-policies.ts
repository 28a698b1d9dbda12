import { policyKindSchemas } from "../../src/world/scenario/schema/policies/kinds.js";
import { scenarioOf } from "../world/written-scenario.js";
import type { Dice } from "./dice.js";

type Knobs = Record<string, unknown>;

/** Knobs for the kinds that have interesting ones; the rest run on their defaults. */
const knobsOf: Readonly<Record<string, (dice: Dice, size: number, durationS: number) => Knobs>> = {
  static: (dice, size) => ({ count: dice.whole(0, size) }),
  "on-demand": (dice, _size, durationS) => ({
    ...dice.maybe(0.7, "idleTimeout", () =>
      dice.pick<unknown>([
        "0s",
        "infinite",
        `${durationS / 100}s`,
        { kind: "exponential", mean: `${durationS / 50}s` },
      ]),
    ),
    ...dice.maybe(0.4, "cancelSurplus", () => dice.chance(0.5)),
    ...dice.maybe(0.4, "spawnsAtOnce", () => dice.whole(1, 3)),
  }),
  hpa: (dice) => ({
    ...(dice.chance(0.7) ? { targetUtilisation: dice.number(0.2, 1.2) } : { targetOpenStreams: dice.number(0.5, 6) }),
    ...dice.maybe(0.3, "tolerance", () => dice.number(0.01, 0.5)),
  }),
  schedule: (dice, size) => ({
    entries: [
      { cron: "*/7 * * * *", count: dice.whole(0, size) },
      { cron: "3,40 * * * *", count: dice.whole(0, size) },
    ],
  }),
  predictive: (dice) => ({
    quantile: dice.number(0.5, 0.99),
    safetyNet: dice.chance(0.7),
    ...dice.maybe(0.3, "forecaster", () => dice.pick(["seasonal-naive", "last-value"])),
  }),
};

/** One to three policies of any kinds that the scenario's schema knows. */
export function randomPolicies(dice: Dice, size: number, durationS: number): Knobs[] {
  const kinds = Object.keys(policyKindSchemas);
  return Array.from({ length: dice.whole(1, 3) }, (_, i) => {
    const policy = randomPolicy(dice, dice.pick(kinds), size, durationS);
    return { ...policy, name: `${policy.kind}-${i}` };
  });
}

function randomPolicy(dice: Dice, kind: string, size: number, durationS: number): Knobs {
  const min = dice.pick([0, 0, 1, Math.ceil(size / 2)]);
  const common: Knobs = {
    ...dice.maybe(0.6, "min", () => min),
    // At least 1, which is the least that some kinds keep.
    ...dice.maybe(0.3, "max", () => Math.max(1, min) + dice.whole(0, size)),
    ...dice.maybe(0.7, "tick", () => `${Number((durationS / dice.whole(3, 200)).toPrecision(3))}s`),
    ...dice.maybe(0.4, "scrapeLag", () => `${Number((durationS / dice.whole(3, 500)).toPrecision(3))}s`),
    ...dice.maybe(0.2, "mode", () => dice.pick(["active", "advisory", "off"])),
    ...dice.maybe(0.3, "scaleIn", () => ({ victims: dice.pick(["oldest", "random"]), undrain: dice.chance(0.5) })),
  };
  const policy: Knobs = { kind, ...common, ...knobsOf[kind]?.(dice, size, durationS) };
  if (kind === "static") delete policy.max;
  return isValid(policy) ? policy : { kind: "static", count: dice.whole(0, size) };
}

/**
 * Leaves out a policy that does not fit the scenario (a kind with knobs unknown here, or a
 * minimum that it may not have).
 */
function isValid(policy: Knobs): boolean {
  try {
    scenarioOf({
      name: "one-policy",
      duration: "1h",
      traffic: { source: "poisson", rate: "1/s" },
      streams: { holding: "1s" },
      fleet: { streamlet: { slots: 1 } },
      policies: [policy],
    });
    return true;
  } catch {
    return false;
  }
}
