import type { ResultDocument, SeriesResult } from "../experiment/result.js";
import type { SloSpec } from "../world/scenario/sections/slo.js";
import { latencyMetricOf } from "./slo-table.js";

/** Service of one region, format and segment under one policy. */
export interface SeriesRow {
  /** The name that distinguishes this series: "eu · mpegts · paid". */
  readonly label: string;
  readonly policy: string;
  readonly series: SeriesResult;
}

type Dimension = "region" | "format" | "segment";
const DIMENSIONS: readonly Dimension[] = ["region", "format", "segment"];

/** Which of region, format and segment differ among the series. */
export function seriesDimensions(document: ResultDocument): readonly Dimension[] {
  const series = document.policies.flatMap((policy) => policy.series ?? []);
  return DIMENSIONS.filter((dimension) => new Set(series.map((one) => one[dimension])).size > 1);
}

/**
 * One row per series and policy: the series with most arrivals first. Empty if none is recorded.
 */
export function seriesRows(document: ResultDocument): SeriesRow[] {
  const dimensions = seriesDimensions(document);
  const rows = document.policies.flatMap(({ name, series = [] }) =>
    series.map((one) => ({
      label: dimensions.map((dimension) => one[dimension]).join(" · "),
      policy: name,
      series: one,
    })),
  );
  const arrivals = new Map(rows.map(({ label, series }) => [label, series.metrics.arrivals?.mean ?? 0]));
  const labels = [...arrivals].toSorted(([, a], [, b]) => b - a).map(([label]) => label);
  return labels.flatMap((label) => rows.filter((row) => row.label === label));
}

/** The start-latency percentile that the SLO bounds, else the 99th. */
export function seriesLatency(slo: SloSpec | undefined): { readonly metric: string; readonly boundMs?: number } {
  const bounded = slo?.startLatency;
  const metric = bounded === undefined ? undefined : latencyMetricOf(bounded.probability);
  return bounded === undefined || metric === undefined
    ? { metric: "startLatencyMsP99" }
    : { metric, boundMs: bounded.boundMs };
}
