/**
 * The library: what the commands do, without a terminal and without a file written. And the types
 * that a policy or a balancer of your own is written against.
 */
export { InputError, type InputFault } from "./base/errors.js";
export type { DiffDocument, DiffRow } from "./experiment/diff/diff-document.js";
export { type MetricFacts, metricCatalogue } from "./experiment/metric-catalogue.js";
export type { PlanProgress } from "./experiment/plan/plan.js";
export type { PlanDocument } from "./experiment/plan/plan-document.js";
export type { Estimate, ResultDocument, SloOutcome } from "./experiment/result.js";
export type { ScenarioChanges } from "./experiment/scenario-file.js";
export type { TraceForecast } from "./forecasting/trace-forecast.js";
export { type ForecastOptions, forecast } from "./library/forecast.js";
export { type LibraryPlanOptions as PlanOptions, plan } from "./library/plan.js";
export { compare, readResult } from "./library/results.js";
export { parseScenario, readScenario } from "./library/scenario.js";
export { simulate } from "./library/simulate.js";
export type { SharedWorkOptions as SimulateOptions } from "./library/work-options.js";
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
export type { Scenario } from "./world/scenario/scenario.js";
