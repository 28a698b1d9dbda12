import type { ArrivalHistory, FleetObservation, HoldingView, SpawnView } from "../ports/policy.js";

/**
 * A read-only observation for a user's policy. The same snapshot is recorded with the decision,
 * and the monitor continues with the counts in it.
 */
export function shownObservation(observation: FleetObservation): FleetObservation {
  for (const pool of observation.pools) Object.freeze(pool);
  return Object.freeze({
    ...observation,
    pools: Object.freeze(observation.pools),
    history: shownHistory(observation.history),
    holding: shownHolding(observation.holding),
    spawn: shownSpawn(observation.spawn),
    warmStart: shownSpawn(observation.warmStart),
  });
}

function shownHistory(history: ArrivalHistory): ArrivalHistory {
  const { binMs, originMs, epochMs, length } = history;
  return Object.freeze({ binMs, originMs, epochMs, length, at: (pool: number, bin: number) => history.at(pool, bin) });
}

function shownHolding(holding: HoldingView): HoldingView {
  return Object.freeze({
    meanMs: holding.meanMs,
    survival: (ageMs: number) => holding.survival(ageMs),
    integratedSurvivalMs: (horizonMs: number) => holding.integratedSurvivalMs(horizonMs),
    survivors: (pool: number, aheadMs: number) => holding.survivors(pool, aheadMs),
  });
}

function shownSpawn(times: SpawnView): SpawnView {
  return Object.freeze({
    quantileMs: (pool: number, probability: number) => times.quantileMs(pool, probability),
  });
}
