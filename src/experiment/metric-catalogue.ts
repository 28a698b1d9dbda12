import type { MetricName } from "../world/metric-table.js";

/** Facts of a metric beyond its number. `good`: the direction that an operator prefers. */
export interface MetricFacts {
  readonly label: string;
  /**
   * Unit as printed: "ms", "h", "min", "%", "" (a count), "currency". Ratios are printed as per
   * cent.
   */
  readonly unit: "" | "ms" | "h" | "min" | "%" | "currency";
  readonly good: "lower" | "higher" | "neither";
  readonly meaning: string;
}

/** Every metric of a result, in the order of display. metricTable declares how it is computed. */
const facts: Readonly<Record<MetricName, MetricFacts>> = {
  cost: { label: "Cost", unit: "currency", good: "lower", meaning: "streamlet-hours and host-hours × their prices" },
  sloViolationMinutes: {
    label: "SLO violation",
    unit: "min",
    good: "lower",
    meaning: "minutes whose arrivals exceeded the start-latency percentile or a ratio of the SLO",
  },
  startLatencyMsMean: {
    label: "Start latency, mean",
    unit: "ms",
    good: "lower",
    meaning: "arrival → assigned, over served requests",
  },
  startLatencyMsP50: {
    label: "Start latency, p50",
    unit: "ms",
    good: "lower",
    meaning: "median of arrival → assigned",
  },
  startLatencyMsP95: {
    label: "Start latency, p95",
    unit: "ms",
    good: "lower",
    meaning: "95 % quantile of arrival → assigned",
  },
  startLatencyMsP99: {
    label: "Start latency, p99",
    unit: "ms",
    good: "lower",
    meaning: "99 % quantile of arrival → assigned",
  },
  waitProbability: {
    label: "Had to wait",
    unit: "%",
    good: "lower",
    meaning: "share of first attempts that found no free slot and waited",
  },
  rejectedRatio: {
    label: "Rejected",
    unit: "%",
    good: "lower",
    meaning: "share of first attempts that were turned away",
  },
  abandonedRatio: {
    label: "Abandoned",
    unit: "%",
    good: "lower",
    meaning: "share of first attempts that lost patience",
  },
  unservedRatio: {
    label: "Unserved at the end",
    unit: "%",
    good: "lower",
    meaning: "share of first attempts that still wait when the run ends; percentiles count them as “at least so long”",
  },
  interruptedRatio: {
    label: "Interrupted",
    unit: "%",
    good: "lower",
    meaning: "share of first attempts whose stream a crash cut short",
  },
  streamsHurtPerCrash: {
    label: "Streams hurt per crash",
    unit: "",
    good: "lower",
    meaning: "streams that a crash cut short, reconnected ones too, per streamlet that crashed",
  },
  degradedStreamRatio: {
    label: "Degraded streams",
    unit: "%",
    good: "lower",
    meaning: "share of ended streams that met an overload",
  },
  utilisationMean: {
    label: "Utilisation",
    unit: "%",
    good: "neither",
    meaning: "∫ open streams on ready streamlets / ∫ their slots",
  },
  streamletHours: {
    label: "Streamlet-hours",
    unit: "h",
    good: "lower",
    meaning: "spawning, ready, parked and draining streamlets × time",
  },
  hostHours: {
    label: "Host-hours",
    unit: "h",
    good: "lower",
    meaning: "hosts × time, those under repair too; elastic ones from their launch to their end",
  },
  regretRatio: {
    label: "Regret",
    unit: "%",
    good: "lower",
    meaning:
      "cost above that of the clairvoyant policy, which serves the " +
      "same streams at the same times (a lower bound for every policy)",
  },
  oracleStreamletHours: {
    label: "Clairvoyant's streamlet-hours",
    unit: "h",
    good: "neither",
    meaning: "the least that could have served the same streams at the same times",
  },
  streamletsReadyMean: { label: "Ready streamlets, mean", unit: "", good: "neither", meaning: "time average" },
  streamletsSpawningMean: { label: "Spawning streamlets, mean", unit: "", good: "neither", meaning: "time average" },
  streamletsDrainingMean: { label: "Draining streamlets, mean", unit: "", good: "neither", meaning: "time average" },
  openStreamsMean: { label: "Open streams, mean", unit: "", good: "neither", meaning: "time average" },
  openDrainingMean: {
    label: "Open streams on draining streamlets, mean",
    unit: "",
    good: "neither",
    meaning: "time average",
  },
  waitingMean: { label: "Waiting requests, mean", unit: "", good: "lower", meaning: "time average" },
  spawns: { label: "Spawns", unit: "", good: "lower", meaning: "streamlets launched" },
  crashes: {
    label: "Crashes",
    unit: "",
    good: "neither",
    meaning: "streamlets that crashed, ran out of memory or lost their host",
  },
  reconnections: { label: "Reconnections", unit: "", good: "neither", meaning: "requests of interrupted clients" },
  arrivals: { label: "Arrivals", unit: "", good: "neither", meaning: "first-attempt requests" },
  completed: { label: "Completed", unit: "", good: "higher", meaning: "first attempts whose stream ran to its end" },
  responseMsMean: {
    label: "Arrival to end, mean",
    unit: "ms",
    good: "neither",
    meaning: "over completed first attempts",
  },
};

/** By name; a name that no metric has gives undefined only at run time. */
export const metricCatalogue: Readonly<Record<string, MetricFacts>> = facts;
