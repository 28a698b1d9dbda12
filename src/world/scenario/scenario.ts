import type { PolicySpec } from "./policy-spec.js";
import type { BalancerSpec } from "./sections/balancer.js";
import type { CostSpec } from "./sections/cost.js";
import type { FaultsSpec } from "./sections/faults.js";
import type { FleetSpec } from "./sections/fleet.js";
import type { GatewaySpec } from "./sections/gateway.js";
import type { ReconnectSpec } from "./sections/reconnect.js";
import type { RoutingSpec } from "./sections/routing.js";
import type { SloSpec } from "./sections/slo.js";
import type { StreamsSpec } from "./sections/streams.js";
import type { TrafficSpec } from "./sections/traffic.js";

/**
 * A scenario after reading, checking and normalising: every unit resolved (ms, bytes, bits/s, per
 * second, cores), every name an index, every default filled in, every file read. It is plain data
 * and crosses threads. `Infinity` = unbounded or never. Each section is declared in sections/,
 * with its schema, its defaults and its text in reports.
 */
export interface Scenario {
  readonly name: string;
  /** Of the normalised scenario without its name and without what equals its default; hex. */
  readonly hash: string;
  readonly seed: number;
  readonly durationMs: number;
  readonly warmupMs: number;
  readonly replications: number;
  readonly traffic: TrafficSpec;
  readonly streams: StreamsSpec;
  readonly reconnect: ReconnectSpec | undefined;
  readonly fleet: FleetSpec;
  readonly faults: FaultsSpec;
  readonly gateway: GatewaySpec;
  readonly balancer: BalancerSpec;
  readonly routing: RoutingSpec;
  readonly policies: readonly PolicySpec[];
  readonly slo: SloSpec | undefined;
  readonly cost: CostSpec | undefined;
}
