import { zoneOffset } from "../../base/time-zone.js";
import type { PoolObservation } from "../../ports/policy.js";
import { type CronSchedule, lastFiring, parseCron } from "./cron.js";
import { type ParsedFormula, parseFormula } from "./formula.js";
import type { ComputedMetric, HpaMetric, MetricName, MetricReader } from "./hpa-metrics.js";

/** A metric over the whole pool, per replica in the HPA (AverageValue) or as a whole (Value). */
export interface MetricTrigger {
  readonly type?: "metric";
  /** How a formula calls it. */
  readonly name?: string;
  readonly metric: MetricName;
  /** Undefined = DEFAULT_THRESHOLD_UTILISATION × the pool's slots. */
  readonly threshold: number | undefined;
  /** Active above this. */
  readonly activationThreshold: number;
  readonly metricType: "AverageValue" | "Value";
}

/**
 * KEDA's cpu and memory: the HPA's own resource metric, open streams / slots. It never makes a pool
 * active.
 */
interface ResourceTrigger {
  readonly type: "resource";
  readonly targetUtilisation: number;
}

/**
 * KEDA's cron: `desiredReplicas` and active from each firing of `start` to the next of `end`;
 * otherwise 1 and inactive.
 */
export interface CronTrigger {
  readonly type: "cron";
  readonly name?: string;
  /** IANA zone in which the expressions are meant. */
  readonly timezone: string;
  readonly start: string;
  readonly end: string;
  readonly desiredReplicas: number;
}

export type KedaTrigger = MetricTrigger | ResourceTrigger | CronTrigger;

/** KEDA's scalingModifiers: one composite metric instead of all but the resource triggers. */
export interface ScalingModifiers {
  /** Over the triggers' names. */
  readonly formula: string;
  readonly target: number;
  readonly activationTarget?: number;
  readonly metricType?: "AverageValue" | "Value";
}

/** Upstream has no default threshold; ours is the HPA's usual 70 %. */
const DEFAULT_THRESHOLD_UTILISATION = 0.7;
/**
 * Count that a cron trigger asks for outside its time (kedacore/keda pkg/scalers/cron_scaler.go).
 */
const CRON_OTHERWISE = 1;

/** One external metric of KEDA's HPA, and when it makes a pool active. */
interface Source {
  readonly name: string | undefined;
  readonly value: ComputedMetric;
  readonly isActive: (value: number, nowMs: number) => boolean;
}

/** The triggers of one ScaledObject: what its HPA scales on, and whether it is active. */
export class KedaTriggers {
  readonly metrics: readonly HpaMetric[];
  private readonly sources: readonly Source[];
  private readonly onlyResources: boolean;

  /** `epochMs`: wall time of the run's t=0, known from the first observation on. */
  constructor(
    triggers: readonly KedaTrigger[],
    modifiers: ScalingModifiers | undefined,
    slots: number,
    private readonly epochMs: () => number,
  ) {
    const resources = triggers.filter((one) => one.type === "resource");
    const others = triggers.filter((one) => one.type !== "resource");
    const own = others.map((one) => (one.type === "cron" ? this.cronSource(one) : metricSource(one)));
    const composite = modifiers === undefined ? undefined : compositeSource(modifiers, own);
    this.sources = composite === undefined ? own : [composite];
    this.onlyResources = others.length === 0;
    this.metrics = [
      ...resources.map(({ targetUtilisation }): HpaMetric => ({ type: "resource", targetUtilisation })),
      ...(modifiers === undefined
        ? others.map((one, i) => externalMetric(one, own[i].value, slots))
        : [targetOf(modifiers.metricType, this.sources[0].value, modifiers.target)]),
    ];
  }

  /**
   * Active if any trigger is; undefined = none has a value. Always active with cpu and memory
   * alone: KEDA then never goes to 0 (pkg/scaling/scale_handler.go).
   */
  isActive(pool: PoolObservation, reader: MetricReader, nowMs: number): boolean | undefined {
    if (this.onlyResources) return true;
    let known = false;
    for (const { value, isActive } of this.sources) {
      const measured = value(pool, reader, nowMs);
      if (measured === undefined) continue;
      known = true;
      if (isActive(measured, nowMs)) return true;
    }
    return known ? false : undefined;
  }

  private cronSource({ name, timezone, start, end, desiredReplicas }: CronTrigger): Source {
    const [from, to] = [parsedCron(start), parsedCron(end)];
    const offsetAt = zoneOffset(timezone);
    if (offsetAt === undefined) throw new Error(`time zone "${timezone}"`);
    const isActive = (nowMs: number): boolean => {
      const atMs = this.epochMs() + nowMs;
      const localMs = atMs + offsetAt(atMs);
      const began = lastFiring(from, localMs);
      const ended = lastFiring(to, localMs);
      return began !== undefined && (ended === undefined || began >= ended);
    };
    return {
      name,
      value: (_pool, _reader, nowMs) => (isActive(nowMs) ? desiredReplicas : CRON_OTHERWISE),
      isActive: (_value, nowMs) => isActive(nowMs),
    };
  }
}

function metricSource({ name, metric, activationThreshold }: MetricTrigger): Source {
  return {
    name,
    value: (pool, reader) => reader.total(pool, metric),
    isActive: (value) => value > activationThreshold,
  };
}

function compositeSource({ formula, activationTarget = 0 }: ScalingModifiers, own: readonly Source[]): Source {
  const { evaluate } = parsedFormula(formula);
  const byName = new Map(own.flatMap((one) => (one.name === undefined ? [] : [[one.name, one.value] as const])));
  return {
    name: undefined,
    value: (pool, reader, nowMs) => evaluate((name) => byName.get(name)?.(pool, reader, nowMs)),
    isActive: (value) => value > activationTarget,
  };
}

function externalMetric(trigger: MetricTrigger | CronTrigger, value: ComputedMetric, slots: number): HpaMetric {
  if (trigger.type === "cron") return targetOf("AverageValue", value, 1);
  return targetOf(trigger.metricType, value, trigger.threshold ?? DEFAULT_THRESHOLD_UTILISATION * slots);
}

function targetOf(metricType: "AverageValue" | "Value" | undefined, metric: ComputedMetric, target: number): HpaMetric {
  return metricType === "Value"
    ? { type: "external", metric, value: target }
    : { type: "external", metric, averageValue: target };
}

function parsedCron(text: string): CronSchedule {
  const schedule = parseCron(text, "robfig");
  if (typeof schedule === "string") throw new Error(`cron expression "${text}": ${schedule}`);
  return schedule;
}

function parsedFormula(text: string): ParsedFormula {
  const formula = parseFormula(text);
  if (typeof formula === "string") throw new Error(`formula "${text}": ${formula}`);
  return formula;
}
