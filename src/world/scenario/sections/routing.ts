import { z } from "../../../base/zod.js";
import { type KeyRule, type Section, writtenAt } from "../section.js";
import type { FleetSpec } from "./fleet.js";

export interface RoutingSpec {
  readonly spillOver: "none" | "nearest" | "any";
}

/** Where a request goes that finds no slot in its own region. */
export const spillOver = z.enum(["none", "nearest", "any"]);

const schema = z.strictObject({
  spillOver: spillOver
    .default("nearest")
    .describe("Where a request goes whose own region has no free slot: none, the nearest, or any region."),
});

interface World {
  readonly routing: RoutingSpec;
  readonly fleet: FleetSpec;
}

const oneRegion: Omit<KeyRule<World>, "path"> = {
  acts: ({ fleet }) => fleet.regions.length > 1,
  got: "spillOver, and one region, which has no other to spill over to",
  expected: "two regions or more",
  remedy: "Add a region to fleet.regions, or leave spillOver out",
};

const inWords = {
  none: "within its own region alone",
  nearest: "in its own region, else in the nearest with a free slot",
  any: "in any region with a free slot",
};

export const routingSection = {
  schema,
  off: { spillOver: "nearest" },
  /** `spillOver` is also accepted at the top of the document, but not in both places. */
  normalise: (written: z.infer<typeof schema>, atTop: RoutingSpec["spillOver"] | undefined): RoutingSpec => ({
    spillOver: atTop ?? written.spillOver,
  }),
  facts: ({ routing, fleet }: World) =>
    fleet.regions.length > 1 ? [["Routing", `a request is served ${inWords[routing.spillOver]}`]] : [],
  rules: [
    { path: ["routing", "spillOver"], ...oneRegion },
    { path: ["spillOver"], ...oneRegion },
    {
      path: ["spillOver"],
      acts: (_world, _at, document) => writtenAt(document, ["routing", "spillOver"]) === undefined,
      got: "spillOver twice: here and in routing",
      expected: "one of them",
      remedy: "Leave it out here",
    },
  ],
} satisfies Section<RoutingSpec, World> & Record<"schema" | "normalise", unknown>;
