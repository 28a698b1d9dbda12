import { z } from "../../../base/zod.js";
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
  version: z.literal(1).optional().describe("The version of the scenario format; 1 is the only one."),
  name: name.describe("Names the scenario, and the folder of its report."),
  seed: z
    .union([z.number().int(), z.string()])
    .default(1)
    .describe("Seeds all random numbers: the same version, scenario and seed give the same bytes."),
  duration: positiveDuration.describe("Simulated time of one replication, the warm-up included."),
  warmup: duration.prefault("0s").describe("Time at the start of each replication that no metric counts."),
  replications: positiveCount
    .max(10_000)
    .default(1)
    .describe("Independent repetitions; every policy gets the same requests in each, and intervals come from them."),
  traffic: trafficSection.schema.describe(
    "What arrives: how many requests, when, and of which region, format and segment.",
  ),
  streams: streamsSection.schema.describe(
    "What a stream is: how long it holds a slot, how long its request waits, what it needs.",
  ),
  reconnect: reconnectSection.schema
    .optional()
    .describe("How clients whose stream was interrupted ask again; left out, they do not."),
  fleet: fleetSchema(regionSchema(hostPolicy)).describe(
    "What serves: regions with hosts, and the streamlets that run on them.",
  ),
  faults: faultsSection.schema.prefault({}).describe("What fails, and how often; left out, nothing fails."),
  gateway: gatewaySection.schema.prefault({}).describe("How many requests may wait, and which are refused."),
  balancer: balancerSection.schema
    .prefault("least-connections")
    .describe("How a free slot is chosen for a request: a kind, or the path of a module."),
  routing: routingSection.schema.prefault({}).describe("Where a request goes whose own region has no free slot."),
  /** The same as `routing.spillOver`. */
  spillOver: spillOver.optional().describe("Short for routing.spillOver."),
  policies: z
    .array(policyEntry)
    .min(1)
    .max(100)
    .describe("The scaling policies to compare; the first is the baseline."),
  slo: sloSection.schema.optional().describe("The service level objective that a replication must meet."),
  cost: costSection.schema.optional().describe("Prices of streamlets and hosts; left out, no cost is computed."),
  plan: planSection
    .optional()
    .describe("What headrace plan may choose, and what its choice must survive; simulate does not read it."),
});
export type WrittenScenario = z.infer<typeof writtenScenario>;
