/** The public types: what a policy or a balancer of your own is written against. */
export type { Balancer, Candidates, CreateBalancer, StreamletPoolView, StreamletView } from "./ports/balancer.js";
export type { StreamRequest } from "./ports/fleet.js";
export type { Forecast, Forecaster, Series } from "./ports/forecaster.js";
export type {
  ArrivalHistory,
  CreatePolicy,
  FleetObservation,
  HoldingView,
  Policy,
  PolicyContext,
  PoolDecision,
  PoolObservation,
  ScaleDecision,
  SpawnView,
} from "./ports/policy.js";
