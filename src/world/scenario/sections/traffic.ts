import { formatInstant, parseInstant } from "../../../base/calendar.js";
import { z } from "../../../base/zod.js";
import type { TraceTable } from "../resources.js";
import { describeValue } from "../schema/issues.js";
import { name } from "../schema/name.js";
import { duration, positiveDuration, positiveMultiple, quantity, ratio } from "../schema/quantity.js";
import { type Fact, type FactWords, type KeyRule, writtenAt } from "../section.js";

/** One combination of region, format and segment, with its share of the traffic. */
export interface SeriesSpec {
  readonly region: number;
  readonly format: number;
  readonly segment: string;
  readonly share: number;
}

export interface TrafficSpec {
  /** Wall time of t = 0, ms since 1970 (UTC). */
  readonly epochMs: number;
  readonly historyMs: number;
  /** Regions, formats and segments known to the scenario; series index into the first two. */
  readonly regions: readonly string[];
  readonly formats: readonly string[];
  readonly series: readonly SeriesSpec[];
  readonly source: SourceSpec;
  /** The trace has the series in its columns; the mix is for a trace without them (`--trace`). */
  readonly isMixUnused?: true;
}

export type SourceSpec =
  | { readonly kind: "poisson"; readonly ratePerSecond: number }
  | {
      readonly kind: "sinusoid";
      readonly ratePerSecond: number;
      readonly amplitude: number;
      readonly periodMs: number;
      readonly phaseMs: number;
    }
  | TraceSource;

/**
 * A piecewise-constant rate. `expected[i]` is the expected number of arrivals in bin i after
 * scaling; bin i starts at `originMs + i·binMs` on the run's clock (originMs ≤ 0: what precedes t=0
 * is history). With columns, `shares` holds one row of series weights per bin (`shares[i·series +
 * s]`), else the series' shares hold throughout. A fitted workload becomes this, too.
 */
export interface TraceSource {
  readonly kind: "trace";
  readonly file: string;
  readonly originMs: number;
  readonly binMs: number;
  readonly expected: Float64Array;
  readonly shares: Float64Array | undefined;
  /** Exact counts per bin (rounded at random) instead of Poisson ones. */
  readonly exact: boolean;
  /** How many unknown values were interpolated. */
  readonly interpolated: number;
  /** Requests per original request. */
  readonly scale: number;
}

const instant = z.string().superRefine((text, context) => {
  if (!Number.isNaN(parseInstant(text))) return;
  context.addIssue({
    code: "custom",
    message: describeValue(text),
    params: { expected: "an instant in UTC such as 2026-01-05T19:00:00Z" },
  });
});

/** A Monday, so that a synthetic week begins like a week. */
const DEFAULT_EPOCH = "2026-01-05T00:00:00Z";
const epoch = instant.default(DEFAULT_EPOCH);
const rate = quantity("rate", { positive: true });
const mix = z
  .array(
    z.strictObject({
      region: name.optional().describe("Region of these requests."),
      format: name.optional().describe("Format of these requests."),
      segment: name.default("all").describe("Segment of these requests, such as free or paid."),
      share: positiveMultiple.describe("Weight of these requests in the mix; weights need not add up to 1."),
    }),
  )
  .min(1)
  .optional();

/**
 * Default history of traffic read from a file: two weeks, the least for a weekly seasonal model.
 */
const fromFile = {
  file: z.string().describe("The file with the level of traffic, relative to the scenario."),
  start: instant.optional().describe("Instant of the file at which the simulated part begins."),
  rate: rate.optional().describe("Mean arrivals per unit of time to which the level is scaled."),
  scale: positiveMultiple.optional().describe("Simulated requests per request of the file; 1 keeps its own level."),
  speed: positiveMultiple.default(1).describe("Plays the file this many times as fast."),
  counts: z
    .enum(["poisson", "exact"])
    .default("poisson")
    .describe("Arrivals per bin: poisson draws them around the level, exact takes the level itself."),
  history: duration.prefault("14d").describe("Traffic before the simulated part that forecasters may learn from."),
  mix: mix.describe("Shares of regions, formats and segments in the arrivals."),
};

const schema = z.discriminatedUnion("source", [
  z.strictObject({
    source: z.literal("poisson").describe("poisson: requests arrive at a constant rate."),
    rate: rate.describe("Mean arrivals per unit of time, such as 12/s."),
    epoch: epoch.describe("Wall-clock time at which the run begins, in UTC."),
    history: duration.prefault("0s").describe("Traffic before the run that forecasters may learn from."),
    mix: mix.describe("Shares of regions, formats and segments in the arrivals."),
  }),
  z.strictObject({
    source: z.literal("sinusoid").describe("sinusoid: the rate rises and falls as a sine."),
    rate: rate.describe("Mean arrivals per unit of time, such as 12/s."),
    amplitude: ratio.default(0.5).describe("Height of the wave as a share of the mean rate."),
    period: positiveDuration.prefault("1d").describe("Length of one wave."),
    phase: duration.prefault("0s").describe("Time by which the wave is shifted."),
    epoch: epoch.describe("Wall-clock time at which the run begins, in UTC."),
    history: duration.prefault("0s").describe("Traffic before the run that forecasters may learn from."),
    mix: mix.describe("Shares of regions, formats and segments in the arrivals."),
  }),
  z.strictObject({
    source: z.literal("trace").describe("trace: the level comes from a CSV of requests per bin."),
    ...fromFile,
    end: instant.optional().describe("Instant at which the part of the trace that is used ends."),
    repeat: z.boolean().default(false).describe("Begins the trace again when it ends."),
  }),
  z.strictObject({
    source: z.literal("workload").describe("workload: the level comes from a fitted workload model."),
    ...fromFile,
    epoch: epoch.describe("Wall-clock time at which the run begins, in UTC."),
  }),
]);

export type WrittenTraffic = z.infer<typeof schema>;
/** Traffic whose level comes from a file. */
export type WrittenTrace = Extract<WrittenTraffic, { source: "trace" | "workload" }>;

/**
 * The part of a trace to use, in its own time: start of the simulated part, history before it,
 * length.
 */
export interface TraceSpan {
  readonly startMs: number;
  readonly historyMs: number;
  readonly lengthMs: number;
}

/**
 * A trace without `start` is taken from its end; a workload model, which has none, from the epoch.
 */
export function traceSpan(traffic: WrittenTrace, durationMs: number, endMs: number): TraceSpan {
  const lengthMs = durationMs * traffic.speed;
  const given = traffic.start ?? (traffic.source === "workload" ? traffic.epoch : undefined);
  const startMs = given === undefined ? endMs - lengthMs : parseInstant(given);
  return { startMs, historyMs: traffic.history * traffic.speed, lengthMs };
}

/** The level of a synthetic source. */
export function syntheticSource(traffic: Exclude<WrittenTraffic, WrittenTrace>): SourceSpec {
  if (traffic.source === "poisson") return { kind: "poisson", ratePerSecond: traffic.rate };
  const { rate: ratePerSecond, amplitude, period: periodMs, phase: phaseMs } = traffic;
  return { kind: "sinusoid", ratePerSecond, amplitude, periodMs, phaseMs };
}

/** Whether the series come from the trace's columns. `traffic.mix` then only names them. */
export function hasOwnSeries(table: TraceTable): boolean {
  return table.columns.region || table.columns.format || table.columns.segment;
}

interface World {
  readonly traffic: TrafficSpec;
}

const rules: readonly KeyRule<World>[] = [
  {
    path: ["traffic", "rate"],
    acts: (_world, _at, document) => writtenAt(document, ["traffic", "scale"]) === undefined,
    got: "rate beside scale, each of which sets the level",
    expected: "one of them",
    remedy: "Leave rate out, or scale",
  },
  {
    path: ["traffic", "epoch"],
    acts: (_world, _at, document) => writtenAt(document, ["traffic", "start"]) === undefined,
    got: "epoch beside start, which is the instant of t=0",
    expected: "one of them",
    remedy: "Leave epoch out",
  },
  {
    path: ["traffic", "end"],
    acts: (_world, _at, document) =>
      writtenAt(document, ["traffic", "start"]) === undefined || writtenAt(document, ["traffic", "repeat"]) !== true,
    got: "end beside start in a trace that is repeated, which has no end",
    expected: "start alone",
    remedy: "Leave end out",
  },
];

export const trafficSection = {
  schema,
  /** Has no default, but the parts that every source has. */
  off: { epochMs: parseInstant(DEFAULT_EPOCH), historyMs: 0 },
  facts: ({ traffic }: World, words: FactWords): Fact[] => {
    const { source, series, regions, formats, historyMs, epochMs } = traffic;
    const names = series.map((one) =>
      [regions[one.region], formats[one.format], one.segment, `share ${words.number(one.share)}`]
        .filter((part) => part !== "share 1")
        .join(" · "),
    );
    const unused = traffic.isMixUnused === true ? "; traffic.mix is for a trace without such columns" : "";
    return [
      ["Starts at", formatInstant(epochMs)],
      ["History", historyMs > 0 ? `${words.duration(historyMs)} before the start, for forecasters` : "none"],
      ["Traffic", sourceInWords(source, words)],
      ["Series", `${names.join(", ")}${unused}`],
    ];
  },
  rules,
};

function sourceInWords(source: SourceSpec, words: FactWords): string {
  if (source.kind === "poisson") return `Poisson, ${words.number(source.ratePerSecond)} arrivals per second`;
  if (source.kind === "sinusoid")
    return [
      `sinusoid, mean ${words.number(source.ratePerSecond)} arrivals per second`,
      `amplitude ${words.number(source.amplitude)}`,
      `period ${words.duration(source.periodMs)}`,
      ...(source.phaseMs === 0 ? [] : [`phase ${words.duration(source.phaseMs)}`]),
    ].join(", ");
  return [
    `trace ${source.file}`,
    `bins of ${words.duration(source.binMs)}`,
    `scaled by ${words.number(source.scale)}`,
    ...(source.exact ? ["exact counts"] : []),
    ...(source.interpolated === 0 ? [] : [`${source.interpolated} unknown values interpolated`]),
    ...(source.shares === undefined ? [] : ["shares of the series as in its columns"]),
  ].join(", ");
}
