import type { RunSums } from "./metric-table.js";
import { metricsOfRun } from "./pooled-metrics.js";
import { Level } from "./recorder/levels.js";
import { Recorder } from "./recorder/recorder.js";
import { judgedMinutes, type SloMinutes } from "./recorder/slo-minutes.js";
import type { RunResult } from "./run-result.js";
import type { SloSpec } from "./scenario/sections/slo.js";
import { judgeSlo } from "./slo-judgement.js";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

export interface MetricsSpec {
  readonly durationMs: number;
  readonly warmupMs: number;
  /** Fixed number of hosts, without the elastic ones. undefined = the scenario has no hosts. */
  readonly hosts: number | undefined;
  /** Billed host-milliseconds of the window after the ends of hosts; 0 if left out. */
  readonly unusedHostMs?: number;
  readonly slo: SloSpec | undefined;
  readonly cost: { readonly streamletHour: number; readonly hostHour: number } | undefined;
}

/**
 * The sums of a run over its measured window: first attempts that arrived in it, and integrals over
 * it. A sum is left out if its inputs are absent.
 */
function measure(recorder: Recorder, spec: MetricsSpec): RunSums {
  const tally = Recorder.tally;
  const integral = (level: Level): number => recorder.levels.windowIntegral(level, spec.durationMs);
  const { startLatency, stillWaiting, slo } = recorder;
  const openDrainingMs = recorder.openDrainingMs(spec.durationMs);
  return {
    arrivals: recorder.count(tally.windowArrived),
    completed: recorder.count(tally.windowCompleted),
    rejected: recorder.count(tally.windowRejected),
    abandoned: recorder.count(tally.windowAbandoned),
    interrupted: recorder.count(tally.windowInterrupted),
    waited: recorder.count(tally.windowWaited),
    unserved: stillWaiting.count,
    served: startLatency.count,
    startLatencyMs: startLatency.sum,
    responseMs: recorder.count(tally.responseMs),
    ended: recorder.count(tally.windowEnded),
    degraded: recorder.count(tally.windowDegraded),
    windowMs: spec.durationMs - spec.warmupMs,
    openMs: integral(Level.open),
    openReadyMs: integral(Level.open) - openDrainingMs,
    openDrainingMs,
    waitingMs: integral(Level.waiting),
    readyMs: integral(Level.ready),
    readySlotMs: integral(Level.readySlots),
    spawningMs: integral(Level.spawning),
    drainingMs: integral(Level.draining),
    hurt: recorder.count(tally.windowHurt),
    spawns: recorder.count(tally.spawns),
    crashes: recorder.count(tally.crashes),
    reconnections: recorder.count(tally.reconnections),
    ...costs(recorder, spec),
    ...(slo === undefined ? {} : { sloViolationMinutes: violationMinutes(slo, spec) }),
  };
}

/**
 * Everything of a RunResult that covers the measured window. Before, the caller reports each
 * request that still waits to the recorder.
 */
export function measuredWindow(
  recorder: Recorder,
  spec: MetricsSpec,
): Pick<RunResult, "sums" | "metrics" | "startLatency" | "stillWaiting" | "slo" | "series"> {
  const sums = measure(recorder, spec);
  const startLatency = recorder.startLatency.buckets();
  const stillWaiting = recorder.stillWaiting.buckets();
  const metrics = metricsOfRun({ sums, startLatency, stillWaiting });
  const { slo } = recorder;
  const series = recorder.series === undefined ? {} : { series: recorder.series.samples() };
  const found = { sums, metrics, startLatency, stillWaiting, ...series };
  if (spec.slo === undefined || slo === undefined) return found;
  const window = {
    started: recorder.startLatency,
    startedWithin: slo.servedWithin,
    stillWaiting: recorder.stillWaiting,
    gaveUpLate: slo.gaveUpLate,
    minutes: judgedMinutes(spec),
  };
  return { ...found, slo: judgeSlo(spec.slo, sums, window) };
}

type CostSums = Pick<
  RunSums,
  "streamletHours" | "oracleStreamletHours" | "hostHours" | "cost" | "oracleCost" | "costAboveOracle"
>;

/**
 * Streamlet-hours cover spawning, ready, parked and draining streamlets. The clairvoyant serves
 * the same streams at the same times: on the same hosts if their number is fixed, else on the
 * fewest that can carry them (see ClairvoyantBound). A host is paid for from launch to end, under
 * repair as well, plus what the minimum charge and the billing step add.
 */
function costs(recorder: Recorder, spec: MetricsSpec): CostSums {
  const levels = [Level.spawning, Level.ready, Level.draining, Level.parked];
  let streamletMs = 0;
  for (const level of levels) streamletMs += recorder.levels.windowIntegral(level, spec.durationMs);
  const streamletHours = streamletMs / HOUR_MS;
  const oracleStreamletHours = recorder.clairvoyant.streamletMs(spec.durationMs) / HOUR_MS;
  const elasticHostMs = recorder.levels.windowIntegral(Level.hosts, spec.durationMs);
  const windowMs = spec.durationMs - spec.warmupMs;
  const hostHours = spec.hosts === undefined ? undefined : (spec.hosts * windowMs + elasticHostMs) / HOUR_MS;
  const hours = { streamletHours, oracleStreamletHours, ...(hostHours === undefined ? {} : { hostHours }) };
  if (spec.cost === undefined) return hours;
  const unusedHours = (spec.unusedHostMs ?? 0) / HOUR_MS;
  const oracleHostMs = (spec.hosts ?? 0) * windowMs + recorder.clairvoyant.hostMs(spec.durationMs);
  const cost = streamletHours * spec.cost.streamletHour + ((hostHours ?? 0) + unusedHours) * spec.cost.hostHour;
  const oracleCost = oracleStreamletHours * spec.cost.streamletHour + (oracleHostMs / HOUR_MS) * spec.cost.hostHour;
  return { ...hours, cost, oracleCost, costAboveOracle: cost - oracleCost };
}

function violationMinutes(slo: SloMinutes, spec: MetricsSpec): number {
  const violations = slo.violations();
  let sum = 0;
  for (let minute = Math.floor(spec.warmupMs / MINUTE_MS); minute < violations.length; minute++)
    sum += violations[minute];
  return sum;
}
