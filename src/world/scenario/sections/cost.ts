import { z } from "../../../base/zod.js";
import type { PolicySpec } from "../policy-spec.js";
import { positiveDuration, price } from "../schema/quantity.js";
import type { KeyRule, Section } from "../section.js";
import { type FleetSpec, hasHosts } from "./fleet.js";

/** Prices of an hour. `currency` is undefined if the scenario names none. */
export interface CostSpec {
  readonly streamletHour: number;
  readonly hostHour: number;
  /** Shortest time that is paid for one host; 0 if left out. */
  readonly minimumChargeMs?: number;
  /** A host's time is billed in whole steps of this length; exact if left out. */
  readonly billingStepMs?: number;
  readonly currency?: string;
}

/** The name or sign of a currency. */
const CURRENCY = /^[A-Za-z€$£¥₹][A-Za-z€$£¥₹ .-]{0,11}$/;

const schema = z.strictObject({
  /** Names the money in tables and reports; it moves no number. */
  currency: z
    .string()
    .regex(CURRENCY, "a name of 1 to 12 characters, such as EUR")
    .optional()
    .describe("The name of the currency in tables and reports; it changes no figure."),
  streamletHour: price.default(0).describe("Price of one streamlet for one hour, from its launch to its end."),
  hostHour: price.default(0).describe("Price of one host for one hour, from its launch to its end, repairs included."),
  minimumCharge: positiveDuration
    .optional()
    .describe("Shortest time that is paid for one elastic host, however short it runs."),
  billingStep: positiveDuration.optional().describe("Elastic hosts are paid for in whole steps of this length."),
});

interface World {
  readonly cost: CostSpec | undefined;
  readonly fleet: FleetSpec;
  readonly policies: readonly PolicySpec[];
}

/** The billing step has no effect on hosts that run all day. */
const billed = (key: string): KeyRule<World> => ({
  path: ["cost", key],
  acts: ({ cost, fleet }) =>
    (cost?.hostHour ?? 0) > 0 && fleet.regions.some(({ hosts }) => hosts?.elastic !== undefined),
  got: `${key}, and no elastic host with a price`,
  expected: "cost.hostHour, and hosts: {max: 20} in a region",
  remedy: "Leave it out: hosts of a fixed number are paid for all day",
});

const rules: readonly KeyRule<World>[] = [
  {
    path: ["cost"],
    acts: ({ cost, policies }) =>
      (cost?.streamletHour ?? 0) > 0 ||
      (cost?.hostHour ?? 0) > 0 ||
      policies.some(({ unit }) => (unit?.streamletHour ?? 0) > 0),
    got: "prices that are all 0",
    expected: "streamletHour or hostHour above 0",
    remedy: "Add a price, such as streamletHour: 0.02, or leave cost out",
  },
  {
    path: ["cost", "minimumCharge"],
    acts: ({ cost }) => (cost?.minimumChargeMs ?? 0) > (cost?.billingStepMs ?? 0),
    got: "a minimum charge that one billing step already covers",
    expected: "more than billingStep",
    remedy: "Raise minimumCharge, or leave it out",
  },
  billed("minimumCharge"),
  billed("billingStep"),
  {
    path: ["cost", "hostHour"],
    acts: ({ cost, fleet }) => hasHosts(fleet) || cost?.hostHour === 0,
    got: "the price of hosts, and no region with hosts",
    expected: "hosts in fleet.regions",
    remedy: "Add hosts: 4 to a region, or leave hostHour out",
  },
  {
    path: ["policies", "*", "unit", "streamletHour"],
    acts: ({ cost }) => cost !== undefined,
    got: "the price of a unit in a scenario that counts no cost",
    expected: "the section cost",
    remedy: "Add cost: {streamletHour: 0.02}, or leave it out",
  },
];

export const costSection = {
  schema,
  off: undefined,
  empty: { streamletHour: 0, hostHour: 0 },
  normalise: (written: z.infer<typeof schema> | undefined): CostSpec | undefined => {
    if (written === undefined) return undefined;
    const { currency, streamletHour, hostHour, minimumCharge, billingStep } = written;
    return {
      streamletHour,
      hostHour,
      ...(minimumCharge === undefined ? {} : { minimumChargeMs: minimumCharge }),
      ...(billingStep === undefined ? {} : { billingStepMs: billingStep }),
      ...(currency === undefined ? {} : { currency }),
    };
  },
  facts: ({ cost }: World, words) => {
    if (cost === undefined) return [];
    const { currency, streamletHour, hostHour, minimumChargeMs, billingStepMs } = cost;
    const money = currency === undefined ? "" : `in ${currency}: `;
    const parts = [
      `${streamletHour} per streamlet-hour`,
      `${hostHour} per host-hour`,
      ...(minimumChargeMs === undefined ? [] : [`at least ${words.duration(minimumChargeMs)} of each host`]),
      ...(billingStepMs === undefined ? [] : [`hosts in steps of ${words.duration(billingStepMs)}`]),
    ];
    return [["Prices", `${money}${parts.join(", ")}`]];
  },
  rules,
} satisfies Section<CostSpec | undefined, World> & Record<"schema" | "normalise", unknown>;
