import { z } from "zod";
import type { PolicySpec } from "../policy-spec.js";
import type { KeyRule, Section } from "../section.js";
import { type FleetSpec, hasHosts } from "./fleet.js";

/** Prices of an hour. `currency` names the money; absent where the scenario names none. */
export interface CostSpec {
  readonly streamletHour: number;
  readonly hostHour: number;
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
  streamletHour: z
    .number()
    .min(0)
    .default(0)
    .describe("Price of one streamlet for one hour, from its launch to its end."),
  hostHour: z
    .number()
    .min(0)
    .default(0)
    .describe("Price of one host for one hour, from its launch to its end, repairs included."),
});

interface World {
  readonly cost: CostSpec | undefined;
  readonly fleet: FleetSpec;
  readonly policies: readonly PolicySpec[];
}

const rules: readonly KeyRule<World>[] = [
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
    const { currency, ...prices } = written;
    return currency === undefined ? prices : { ...prices, currency };
  },
  facts: ({ cost }: World) => {
    if (cost === undefined) return [];
    const { currency, streamletHour, hostHour } = cost;
    const money = currency === undefined ? "" : `in ${currency}: `;
    return [["Prices", `${money}${streamletHour} per streamlet-hour, ${hostHour} per host-hour`]];
  },
  rules,
} satisfies Section<CostSpec | undefined, World> & Record<"schema" | "normalise", unknown>;
