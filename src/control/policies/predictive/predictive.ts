import type { FleetObservation, Policy, PolicyContext, ScaleDecision } from "../../../ports/policy.js";
import { FleetForecast } from "./fleet-forecast.js";
import { forecasterMaker } from "./forecaster-choice.js";
import type { PredictiveKnobs } from "./knobs.js";
import { PredictivePool } from "./predictive-pool.js";

/**
 * Provides now what will be needed when a streamlet launched now is ready. Per pool: arrivals until
 * then (the seasonal forecast and the last minutes, weighted by their past errors) → open streams
 * then (survivors and newcomers) → slots at the quantile that the SLO or the prices imply →
 * streamlets.
 *
 * Capacity is removed only if it was not needed for a while. Draining streamlets are taken back
 * before any launch. The policy measures how often its intervals cover, and widens or narrows them.
 * If they do not cover, it relies on the present load.
 */
export function createPredictive(knobs: PredictiveKnobs, context: PolicyContext): Policy {
  const make = forecasterMaker(knobs.forecaster, knobs.challengers, context);
  const fleet = make === undefined ? undefined : new FleetForecast(context.pools, make, knobs.sharing);
  const pools = context.pools.map((_, i) => new PredictivePool(knobs, context.tickMs, i, fleet));
  return {
    decide(observation: FleetObservation, nowMs: number): ScaleDecision {
      return observation.pools.map((pool, i) => pools[i].decide(observation, pool, nowMs));
    },
    outlook: (pool) => pools[pool].outlook,
  };
}
