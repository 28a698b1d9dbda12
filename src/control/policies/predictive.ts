import { normalQuantile } from "../../base/normal.js";
import type {
  FleetObservation,
  Policy,
  PolicyContext,
  PoolDecision,
  PoolObservation,
  ScaleDecision,
} from "../../ports/policy.js";
import { defaultForecaster, namedForecaster } from "../forecast/default-forecaster.js";
import { ArrivalForecast } from "./arrival-forecast.js";

export interface PredictiveKnobs {
  /** Staff so that the open streams exceed the slots with at most 1 − quantile. */
  readonly quantile: number;
  /** How far ahead capacity is provided (ms); undefined = measured spawn time (90 %) + tick. */
  readonly horizon: number | undefined;
  /** Never below what is open and waiting now. */
  readonly safetyNet: boolean;
  readonly forecaster: string;
  /** A streamlet is drained only when it is not needed this far ahead either (ms). */
  readonly drainDelay: number;
}

export const defaultPredictiveKnobs: PredictiveKnobs = {
  quantile: 0.99,
  horizon: undefined,
  safetyNet: true,
  forecaster: "ensemble",
  drainDelay: 300_000,
};

/** Before the first streamlet became ready, a spawn is taken to last this long. */
const UNKNOWN_SPAWN_MS = 30_000;
const SPAWN_QUANTILE = 0.9;

/**
 * Forecast arrivals, not occupancy: with long streams arrivals lead it. Open streams at now + horizon are the survivors of those open now
 * (holding times by Kaplan–Meier) plus forecast arrivals ⊗ survival (M_t/G/∞; Eick, Massey, Whitt 1993). Staffing is at a quantile of that
 * count, whose spread is what can change within the horizon, not √open: binomial survivors, Poisson arrivals, and the forecast's own error.
 */
export function createPredictive(knobs: PredictiveKnobs, context: PolicyContext): Policy {
  const z = normalQuantile(knobs.quantile);
  const forecasts = context.pools.map(
    (_, i) => new ArrivalForecast(i, namedForecaster(knobs.forecaster) ?? defaultForecaster()),
  );
  return {
    decide(observation: FleetObservation, nowMs: number): ScaleDecision {
      return observation.pools.map((pool, i) => {
        forecasts[i].update(observation.history);
        return decidePool(knobs, context, z, observation, pool, i, forecasts[i], nowMs);
      });
    },
  };
}

function decidePool(
  knobs: PredictiveKnobs,
  context: PolicyContext,
  z: number,
  observation: FleetObservation,
  pool: PoolObservation,
  i: number,
  forecast: ArrivalForecast,
  nowMs: number,
): PoolDecision {
  const spawnMs = observation.spawn.quantileMs(i, SPAWN_QUANTILE);
  const horizonMs = knobs.horizon ?? (Number.isNaN(spawnMs) ? UNKNOWN_SPAWN_MS : spawnMs) + context.tickMs;
  const soon = need(observation, pool, i, forecast, nowMs, horizonMs, z);
  const later = need(observation, pool, i, forecast, nowMs, horizonMs + knobs.drainDelay, z);
  const standing = pool.ready + pool.spawning;
  const reactive = knobs.safetyNet ? Math.ceil((pool.open + pool.waiting) / pool.slots) : 0;
  const details = {
    horizonMs,
    expectedOpen: soon.expected,
    margin: soon.margin,
    needSoon: soon.streamlets,
    needLater: later.streamlets,
    reactive,
  };
  const wanted = Math.max(soon.streamlets, reactive);
  if (wanted > standing)
    return { desired: wanted, reason: reactive > soon.streamlets ? "safety-net" : "forecast-rise", details };
  const kept = Math.min(standing, Math.max(wanted, later.streamlets));
  if (kept < standing) return { desired: kept, reason: "forecast-fall", details };
  return { desired: standing, reason: wanted < standing ? "needed-soon" : "as-forecast", details };
}

interface Need {
  readonly expected: number;
  readonly margin: number;
  readonly streamlets: number;
}

/** Streamlets for the open streams `aheadMs` from now, less those that will still sit on draining streamlets. */
function need(
  observation: FleetObservation,
  pool: PoolObservation,
  i: number,
  forecast: ArrivalForecast,
  nowMs: number,
  aheadMs: number,
  z: number,
): Need {
  const { holding } = observation;
  const open = pool.open + pool.openDraining;
  const survivors = holding.survivors(i, aheadMs);
  const stay = open === 0 ? 0 : Math.min(1, survivors / open);
  const openMs = holding.integratedSurvivalMs(aheadMs);
  const middleMs = nowMs + aheadMs / 2;
  const newcomers = forecast.ratePerMs(middleMs) * openMs;
  const forecastError = forecast.rateErrorPerMs(middleMs) * openMs;
  const variance = open * stay * (1 - stay) + newcomers + forecastError * forecastError;
  const expected = survivors + newcomers - pool.openDraining * stay + pool.waiting * stay;
  const margin = z * Math.sqrt(variance);
  return { expected, margin, streamlets: Math.ceil((expected + margin) / pool.slots) };
}
