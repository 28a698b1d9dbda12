import { Level } from "./recorder/levels.js";
import { Recorder } from "./recorder/recorder.js";
import type { SloMinutes } from "./recorder/slo-minutes.js";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

export interface MetricsSpec {
  readonly durationMs: number;
  readonly warmupMs: number;
  /** How many hosts always stand there, beside elastic ones; undefined = no hosts in the scenario. */
  readonly hosts: number | undefined;
  readonly cost: { readonly streamletHour: number; readonly hostHour: number } | undefined;
}

/**
 * The metrics of one run over its measured window. Ratios divide by first-attempt arrivals in the window; latencies are arrival → assigned over those
 * of them that were served; times and costs are integrals over the window. A metric without its ingredients is left out.
 */
export function measure(recorder: Recorder, spec: MetricsSpec): Record<string, number> {
  const tally = Recorder.tally;
  const endMs = spec.durationMs;
  const windowMs = endMs - spec.warmupMs;
  const mean = (level: Level): number => recorder.levels.windowIntegral(level, endMs) / windowMs;
  const arrivals = recorder.count(tally.windowArrived);
  const ratio = (count: number): number => (arrivals === 0 ? 0 : count / arrivals);
  const readySlots = mean(Level.readySlots);
  const ended = recorder.count(tally.windowEnded);
  const completed = recorder.count(tally.windowCompleted);
  const metrics: Record<string, number> = {
    arrivals,
    completed,
    rejectedRatio: ratio(recorder.count(tally.windowRejected)),
    abandonedRatio: ratio(recorder.count(tally.windowAbandoned)),
    interruptedRatio: ratio(recorder.count(tally.windowInterrupted)),
    waitProbability: ratio(recorder.count(tally.windowWaited)),
    openStreamsMean: mean(Level.open),
    waitingMean: mean(Level.waiting),
    streamletsReadyMean: mean(Level.ready),
    streamletsSpawningMean: mean(Level.spawning),
    streamletsDrainingMean: mean(Level.draining),
    spawns: recorder.count(tally.spawns),
    crashes: recorder.count(tally.crashes),
    reconnections: recorder.count(tally.reconnections),
    degradedStreamRatio: ended === 0 ? 0 : recorder.count(tally.windowDegraded) / ended,
  };
  if (metrics.crashes > 0) metrics.streamsHurtPerCrash = recorder.count(tally.windowInterrupted) / metrics.crashes;
  if (readySlots > 0) metrics.utilisationMean = mean(Level.open) / readySlots;
  if (completed > 0) metrics.responseMsMean = recorder.count(tally.responseMs) / completed;
  addLatencies(metrics, recorder);
  addCost(metrics, recorder, spec, windowMs);
  if (recorder.slo !== undefined) metrics.sloViolationMinutes = violationMinutes(recorder.slo, spec);
  return metrics;
}

function addLatencies(metrics: Record<string, number>, recorder: Recorder): void {
  const latency = recorder.startLatency;
  if (latency.count === 0) return;
  metrics.startLatencyMsMean = latency.mean;
  metrics.startLatencyMsP50 = latency.quantile(0.5);
  metrics.startLatencyMsP95 = latency.quantile(0.95);
  metrics.startLatencyMsP99 = latency.quantile(0.99);
}

/**
 * Streamlet-hours cover spawning, ready, parked and draining ones. Regret is the cost above that of the clairvoyant who serves the same streams at the same
 * times on the same hosts (see ClairvoyantFloor).
 */
function addCost(metrics: Record<string, number>, recorder: Recorder, spec: MetricsSpec, windowMs: number): void {
  const levels = [Level.spawning, Level.ready, Level.draining, Level.parked];
  let streamletMs = 0;
  for (const level of levels) streamletMs += recorder.levels.windowIntegral(level, spec.durationMs);
  metrics.streamletHours = streamletMs / HOUR_MS;
  metrics.oracleStreamletHours = recorder.floor.streamletMs(spec.durationMs) / HOUR_MS;
  const elasticHostMs = recorder.levels.windowIntegral(Level.hosts, spec.durationMs);
  if (spec.hosts !== undefined) metrics.hostHours = (spec.hosts * windowMs + elasticHostMs) / HOUR_MS;
  if (spec.cost === undefined) return;
  const { streamletHour, hostHour } = spec.cost;
  const hostCost = (metrics.hostHours ?? 0) * hostHour;
  metrics.cost = metrics.streamletHours * streamletHour + hostCost;
  const oracleCost = metrics.oracleStreamletHours * streamletHour + hostCost;
  if (oracleCost > 0) metrics.regretRatio = metrics.cost / oracleCost - 1;
}

function violationMinutes(slo: SloMinutes, spec: MetricsSpec): number {
  const violations = slo.violations();
  let sum = 0;
  for (let minute = Math.floor(spec.warmupMs / MINUTE_MS); minute < violations.length; minute++)
    sum += violations[minute];
  return sum;
}
