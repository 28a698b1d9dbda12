import { z } from "zod";
import { balancerSection } from "../sections/balancer.js";
import { costSection } from "../sections/cost.js";
import { faultsSection } from "../sections/faults.js";
import { fleetSchema } from "../sections/fleet.js";
import { gatewaySection } from "../sections/gateway.js";
import { reconnectSection } from "../sections/reconnect.js";
import { regionSchema } from "../sections/region.js";
import { routingSection, spillOver } from "../sections/routing.js";
import { sloSection } from "../sections/slo.js";
import { streamsSection } from "../sections/streams.js";
import { trafficSection } from "../sections/traffic.js";
import { name } from "./name.js";
import { planSection } from "./plan.js";
import { hostPolicy, policyEntry } from "./policies/entry.js";
import { duration, positiveCount, positiveDuration } from "./quantity.js";

/**
 * The scenario as written: each section's schema is declared in its own file, with its defaults.
 */
export const writtenScenario = z.strictObject({
  version: z.literal(1).optional(),
  name,
  seed: z.union([z.number().int(), z.string()]).default(1),
  duration: positiveDuration,
  warmup: duration.prefault("0s"),
  replications: positiveCount.max(10_000).default(1),
  traffic: trafficSection.schema,
  streams: streamsSection.schema,
  reconnect: reconnectSection.schema.optional(),
  fleet: fleetSchema(regionSchema(hostPolicy)),
  faults: faultsSection.schema.prefault({}),
  gateway: gatewaySection.schema.prefault({}),
  balancer: balancerSection.schema.prefault("least-connections"),
  routing: routingSection.schema.prefault({}),
  /** The same as `routing.spillOver`. */
  spillOver: spillOver.optional(),
  policies: z.array(policyEntry).min(1).max(100),
  slo: sloSection.schema.optional(),
  cost: costSection.schema.optional(),
  plan: planSection.optional(),
});
export type WrittenScenario = z.infer<typeof writtenScenario>;
