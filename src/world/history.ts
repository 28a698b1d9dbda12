import { distributionOf } from "../base/distribution.js";
import type { RandomStreams } from "../base/random.js";
import type { PastArrivals } from "../control/monitor/arrival-counts.js";
import type { Scenario } from "./scenario/scenario.js";
import type { SourceSpec } from "./scenario/sections/traffic.js";

/** Forecasts use five-minute bins: 288 a day. A spawn of half a minute is short against one. */
export const HISTORY_BIN_MS = 300_000;
/** The most ended streams before t=0 that the holding-time estimate starts from. */
const PAST_STREAMS = 2000;

/**
 * Arrivals per pool and bin before t=0, drawn from their own random streams. Forecasters may use
 * them; metrics do not.
 */
export function drawPastArrivals(
  scenario: Scenario,
  homePool: readonly number[],
  poolCount: number,
  streams: RandomStreams,
): PastArrivals {
  const bins = Math.floor(scenario.traffic.historyMs / HISTORY_BIN_MS);
  const random = streams.named("history");
  const counts: Float64Array[] = [];
  for (let pool = 0; pool < poolCount; pool++) counts.push(new Float64Array(bins));
  const { series, source } = scenario.traffic;
  for (let bin = 0; bin < bins; bin++) {
    const startMs = (bin - bins) * HISTORY_BIN_MS;
    const expected = expectedArrivals(source, startMs, startMs + HISTORY_BIN_MS);
    const weights = seriesWeightsAt(scenario, startMs);
    let total = 0;
    for (const weight of weights) total += weight;
    for (let s = 0; s < series.length; s++) {
      if (homePool[s] >= 0) counts[homePool[s]][bin] += random.poisson((expected * weights[s]) / total);
    }
  }
  return { binMs: HISTORY_BIN_MS, counts };
}

/** Holding times of streams that ended before t=0; none without a history. */
export function drawPastHolding(scenario: Scenario, streams: RandomStreams): Float64Array {
  if (scenario.traffic.historyMs === 0) return new Float64Array(0);
  const random = streams.named("history-holding");
  const holding = distributionOf(scenario.streams.holding);
  const past = new Float64Array(PAST_STREAMS);
  for (let i = 0; i < past.length; i++) past[i] = holding.sample(random);
  return past;
}

/** Expected number of arrivals in [fromMs, toMs). */
export function expectedArrivals(source: SourceSpec, fromMs: number, toMs: number): number {
  if (source.kind === "poisson") return (source.ratePerSecond * (toMs - fromMs)) / 1000;
  if (source.kind === "sinusoid") {
    const omega = (2 * Math.PI) / source.periodMs;
    const swing = Math.cos(omega * (fromMs - source.phaseMs)) - Math.cos(omega * (toMs - source.phaseMs));
    return (source.ratePerSecond * (toMs - fromMs + (source.amplitude * swing) / omega)) / 1000;
  }
  let sum = 0;
  const first = Math.max(0, Math.floor((fromMs - source.originMs) / source.binMs));
  for (let bin = first; bin < source.expected.length; bin++) {
    const binStartMs = source.originMs + bin * source.binMs;
    if (binStartMs >= toMs) break;
    const overlapMs = Math.min(toMs, binStartMs + source.binMs) - Math.max(fromMs, binStartMs);
    if (overlapMs > 0) sum += (source.expected[bin] * overlapMs) / source.binMs;
  }
  return sum;
}

/** The weights of the series of traffic at an instant of the run. */
export function seriesWeightsAt(scenario: Scenario, atMs: number): Float64Array {
  const { series, source } = scenario.traffic;
  if (source.kind === "trace" && source.shares !== undefined) {
    const rows = source.shares.length / series.length;
    const row = Math.min(rows - 1, Math.max(0, Math.floor((atMs - source.originMs) / source.binMs)));
    const weights = source.shares.subarray(row * series.length, (row + 1) * series.length);
    if (weights.some((weight) => weight > 0)) return weights;
  }
  return Float64Array.from(series, (entry) => entry.share);
}
