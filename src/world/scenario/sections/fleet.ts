import { constantLaw, type Law } from "../../../base/distribution.js";
import { z } from "../../../base/zod.js";
import { normaliseLaw } from "../normalise-law.js";
import type { PolicySpec } from "../policy-spec.js";
import type { Resources } from "../resources.js";
import type { ScenarioFault } from "../schema/issues.js";
import { law } from "../schema/law.js";
import { scaleIn } from "../schema/policies/common.js";
import { count, duration, growth, openCount } from "../schema/quantity.js";
import { type Fact, type FactWords, type KeyRule, lawInWords, writtenAt } from "../section.js";
import type { BalancerSpec } from "./balancer.js";
import { hostsRules } from "./hosts.js";
import { type RegionSpec, regionInWords } from "./region.js";
import {
  normaliseStreamlet,
  type StreamletClassSpec,
  streamletInWords,
  streamletRules,
  streamletSchema,
} from "./streamlet.js";

export interface FleetSpec {
  readonly regions: readonly RegionSpec[];
  readonly classes: readonly StreamletClassSpec[];
  /** Most streamlets in the whole fleet. */
  readonly max: number;
  /** Pre-started streamlets kept parked per pool, and how long it takes one to become ready. */
  readonly warmPool: number;
  readonly warmStart: Law;
  readonly restart: {
    readonly backoffMs: number;
    readonly factor: number;
    readonly maxMs: number;
    readonly healthyAfterMs: number;
  };
}

const restart = z.strictObject({
  backoff: duration.prefault("1s").describe("Pause before the first new launch after a failed or crashed one."),
  factor: growth.default(2).describe("The pause grows by this factor with each further failure."),
  max: duration.prefault("5min").describe("Longest pause between two launches."),
  /** As kubelet: a container that ran for 10 minutes restarts without back-off. */
  healthyAfter: duration.prefault("10min").describe("A streamlet that has been ready this long resets the pause."),
});

/** `region` is the schema of one region, which depends on the policies that may scale its hosts. */
export function fleetSchema<R extends z.ZodType>(region: R) {
  return z.strictObject({
    regions: z
      .array(region)
      .min(1)
      .optional()
      .describe(
        "The regions in which streamlets run; left out, one region without hosts for each region of the traffic.",
      ),
    streamlet: z
      .union([streamletSchema, z.array(streamletSchema).min(1)])
      .describe("The class of streamlets, or a list of classes, each with its own slots, caps and formats."),
    max: openCount.prefault("infinite").describe("Most streamlets in the whole fleet at once."),
    warmPool: count.default(0).describe("Started streamlets that are kept parked in each pool."),
    warmStart: law("duration").prefault("0s").describe("Time that a parked streamlet takes until it is ready."),
    /** The scale-in keys that a policy leaves out. */
    scaleIn: scaleIn.optional().describe("How streamlets are removed, unless the policy has its own rule."),
    restart: restart.prefault({}).describe("The pause before a new launch after failures."),
  });
}
export type WrittenFleet = z.infer<ReturnType<typeof fleetSchema<z.ZodType<unknown>>>>;

/** Defaults of a fleet, besides its regions and classes. */
export const plainFleet: Omit<FleetSpec, "regions" | "classes"> = {
  max: Number.POSITIVE_INFINITY,
  warmPool: 0,
  warmStart: constantLaw(0),
  restart: { backoffMs: 1000, factor: 2, maxMs: 300_000, healthyAfterMs: 600_000 },
};

/** The fleet with these regions; faults are pushed. */
export function normaliseFleet(
  written: WrittenFleet,
  regions: readonly RegionSpec[],
  formats: readonly string[],
  resources: Resources,
): FleetSpec {
  const list = Array.isArray(written.streamlet) ? written.streamlet : [written.streamlet];
  const { backoff, factor, max, healthyAfter } = written.restart;
  return {
    regions,
    classes: list.map((one, i) => normaliseStreamlet(one, [i, list.length], formats, resources)),
    max: written.max,
    warmPool: written.warmPool,
    warmStart: normaliseLaw(written.warmStart, resources),
    restart: { backoffMs: backoff, factor, maxMs: max, healthyAfterMs: healthyAfter },
  };
}

/** Faults of a fleet whose values are each valid. */
export function fleetFaults({ regions, classes, max }: FleetSpec): ScenarioFault[] {
  const twins = (list: readonly { readonly name: string }[], key: string, what: string): ScenarioFault[] =>
    new Set(list.map((one) => one.name)).size === list.length
      ? []
      : [{ path: ["fleet", key], got: `two ${what} of one name`, expected: "names that differ" }];
  const full = { path: ["fleet", "max"], got: "no room for one streamlet", expected: "at least 1" };
  return [
    ...twins(regions, "regions", "regions"),
    ...twins(classes, "streamlet", "streamlet classes"),
    ...(max === 0 ? [{ ...full, remedy: "Leave it out for no limit" }] : []),
  ];
}

/** Whether any region has hosts. */
export function hasHosts(fleet: FleetSpec): boolean {
  return fleet.regions.some((region) => region.hosts !== undefined);
}

interface World {
  readonly fleet: FleetSpec;
  readonly balancer: BalancerSpec;
  readonly policies: readonly PolicySpec[];
}

const warmStartRule: KeyRule<World> = {
  path: ["fleet", "warmStart"],
  acts: ({ fleet, policies }) => fleet.warmPool > 0 || policies.some(({ knobs }) => knobs.warmPool === true),
  got: "warmStart of a warm pool that holds nothing",
  expected: "warmPool beside it, or warmPool: true of a policy",
  remedy: "Add warmPool: 2, or leave warmStart out",
};

/** A key of `fleet.scaleIn` holds for the policies that do not give it themselves. */
const scaleInRules: readonly KeyRule<World>[] = Object.keys(scaleIn.shape).map((key) => ({
  path: ["fleet", "scaleIn", key],
  acts: ({ policies }, _at, document) =>
    policies.some((_, i) => writtenAt(document, ["policies", i, "scaleIn", key]) === undefined),
  got: `${key}, which every policy gives itself`,
  expected: `a policy without scaleIn.${key}`,
  remedy: "Leave it out here, or in a policy",
}));

const restartRule: KeyRule<World> = {
  path: ["fleet", "restart", "backoff"],
  acts: ({ fleet: { restart } }) => restart.backoffMs <= restart.maxMs,
  got: "a pause longer than the longest one (max: 5 min if left out), which would replace it",
  expected: "at most max",
  remedy: "Raise max as well, or lower backoff",
};

const fleetRules: readonly KeyRule<World>[] = [
  warmStartRule,
  restartRule,
  ...scaleInRules,
  ...hostsRules,
  ...streamletRules,
];

function fleetFacts({ fleet }: World, words: FactWords): Fact[] {
  const { restart: again, warmPool, max } = fleet;
  const facts: Fact[] = [
    ["Regions", fleet.regions.map((region) => regionInWords(region, fleet.regions, words)).join("; ")],
    ["Streamlets", fleet.classes.map((one) => streamletInWords(one, words)).join("; ")],
    ["At most", max === Number.POSITIVE_INFINITY ? "no limit" : `${words.number(max)} streamlets`],
  ];
  const warmStart = lawInWords(fleet.warmStart, words.duration, words);
  const isWarmStartFree = fleet.warmStart.kind === "constant" && fleet.warmStart.value === 0;
  if (warmPool > 0)
    facts.push(["Warm pool", `${words.number(warmPool)} parked in each pool, ready after ${warmStart}`]);
  else if (!isWarmStartFree) facts.push(["Warm start", warmStart]);
  if (JSON.stringify(again) !== JSON.stringify(plainFleet.restart)) {
    const wait =
      `after ${words.duration(again.backoffMs)}, then × ` +
      `${words.number(again.factor)}, at most ${words.duration(again.maxMs)}`;
    facts.push(["Restart", `${wait}; without delay after ${words.duration(again.healthyAfterMs)} of health`]);
  }
  return facts;
}

export const fleetSection = { facts: fleetFacts, rules: fleetRules };
