/** Metrics whose mean over days a plan may bound; more capacity lowers each of them. */
const boundedMetrics = [
  "rejectedRatio",
  "abandonedRatio",
  "interruptedRatio",
  "waitProbability",
  "sloViolationMinutes",
] as const;

/** Upper bound on the mean of a metric over the days of the ordinary world. */
export interface MeanBound {
  readonly metric: (typeof boundedMetrics)[number];
  readonly bound: number;
}

/** The means that a section `onAverage` bounds. */
export function meanBounds(written: Readonly<Partial<Record<MeanBound["metric"], number | undefined>>>): MeanBound[] {
  return boundedMetrics.flatMap((metric) => {
    const bound = written[metric];
    return bound === undefined ? [] : [{ metric, bound }];
  });
}
