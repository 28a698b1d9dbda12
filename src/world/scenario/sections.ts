import type { Scenario } from "./scenario.js";
import type { Fact, FactWords, KeyRule } from "./section.js";
import { balancerSection } from "./sections/balancer.js";
import { costSection } from "./sections/cost.js";
import { faultsSection } from "./sections/faults.js";
import { fleetSection } from "./sections/fleet.js";
import { gatewaySection } from "./sections/gateway.js";
import { policiesSection } from "./sections/policies.js";
import { reconnectSection } from "./sections/reconnect.js";
import { routingSection } from "./sections/routing.js";
import { sloSection } from "./sections/slo.js";
import { streamsSection } from "./sections/streams.js";
import { trafficSection } from "./sections/traffic.js";

/** All sections, in the order in which a report shows them. */
export const sections: readonly {
  readonly facts: (scenario: Scenario, words: FactWords) => readonly Fact[];
  readonly rules: readonly KeyRule<Scenario>[];
}[] = [
  trafficSection,
  streamsSection,
  reconnectSection,
  fleetSection,
  routingSection,
  gatewaySection,
  balancerSection,
  policiesSection,
  faultsSection,
  sloSection,
  costSection,
];
