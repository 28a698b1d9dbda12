import { objectList } from "../../../base/object-list.js";
import type {
  ArrivalOutlook,
  FleetObservation,
  Policy,
  PolicyContext,
  PoolDecision,
  ScaleDecision,
} from "../../../ports/policy.js";
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
 *
 * A class, and a loop: V8 compiled functions that are made per policy again in each run.
 */
class PredictivePolicy implements Policy {
  private readonly pools: readonly PredictivePool[];

  constructor(knobs: PredictiveKnobs, context: PolicyContext) {
    const make = forecasterMaker(knobs.forecaster, knobs.challengers, context);
    const fleet = make === undefined ? undefined : new FleetForecast(context.pools, make, knobs.sharing);
    this.pools = context.pools.map((_, i) => new PredictivePool(knobs, context.tickMs, i, fleet));
  }

  decide(observation: FleetObservation, nowMs: number): ScaleDecision {
    const { pools } = observation;
    const decision = objectList<PoolDecision>();
    for (let i = 0; i < pools.length; i++) decision.push(this.pools[i].decide(observation, pools[i], nowMs));
    return decision;
  }

  outlook(pool: number): ArrivalOutlook | undefined {
    return this.pools[pool].outlook;
  }
}

export function createPredictive(knobs: PredictiveKnobs, context: PolicyContext): Policy {
  return new PredictivePolicy(knobs, context);
}
