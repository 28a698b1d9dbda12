import { distributionOf } from "../../../base/distribution.js";
import { closest } from "../../../base/spelling.js";
import { z } from "../../../base/zod.js";
import { judgedMinutes } from "../../recorder/slo-minutes.js";
import type { ScenarioFault } from "../schema/issues.js";
import { keyFamilies } from "../schema/known-keys.js";
import { duration, minuteBudget, ratio, share } from "../schema/quantity.js";
import type { KeyRule, Section } from "../section.js";
import type { StreamsSpec } from "./streams.js";

export interface SloSpec {
  /** Bounds; absent = not part of the SLO. `probability` of the start latency, e.g. 0.99. */
  readonly startLatency: { readonly probability: number; readonly boundMs: number } | undefined;
  readonly rejectedRatio: number | undefined;
  readonly abandonedRatio: number | undefined;
  readonly interruptedRatio: number | undefined;
  /**
   * The error budget: minutes of the measured window that may violate, as a share or as a number.
   */
  readonly violatingMinutes?: { readonly share: number } | { readonly minutes: number };
  /** The share of replications that must meet all bounds. */
  readonly days: number;
}

/** Reads `startLatencyP99` and its like by their names: any percentile may have a bound. */
const schema = z
  .strictObject({
    rejectedRatio: ratio.optional().describe("Largest share of requests that may be refused."),
    abandonedRatio: ratio.optional().describe("Largest share of requests that may give up waiting."),
    interruptedRatio: ratio.optional().describe("Largest share of streams that crashes may cut short."),
    violatingMinutes: minuteBudget
      .optional()
      .describe("The error budget: minutes that may violate the SLO, as a share or a duration."),
    days: share.prefault("95%").describe("Share of the replications that must meet the SLO."),
  })
  .catchall(duration);
const LATENCIES = { pattern: /^startLatencyP/, examples: ["startLatencyP99", "startLatencyP95", "startLatencyP50"] };
keyFamilies.add(schema, LATENCIES);

interface World {
  readonly slo: SloSpec | undefined;
  readonly streams: StreamsSpec;
  readonly durationMs: number;
  readonly warmupMs: number;
}

const RATIOS = ["rejectedRatio", "abandonedRatio", "interruptedRatio"] as const;
const isLatency = (key: string | number | undefined): boolean => LATENCIES.pattern.test(String(key));

/** Bounds that no run can exceed: an SLO with only these would always be met. */
const rules: readonly KeyRule<World>[] = [
  {
    path: ["slo", "violatingMinutes"],
    acts: (world) => {
      const budget = world.slo?.violatingMinutes;
      return budget === undefined || "share" in budget || budget.minutes < judgedMinutes(world);
    },
    got: "a budget that covers every measured minute: no run can exceed it",
    expected: "less than duration − warmup",
    remedy: "Give a share of the minutes, such as 0.1%, or fewer minutes",
  },
  ...RATIOS.map((key) => ({
    path: ["slo", key],
    acts: ({ slo }: World) => slo?.[key] !== 1,
    got: "1: no run can exceed it",
    expected: "less than 1",
    remedy: "Give the largest share that is acceptable, such as 0.001, or leave it out",
  })),
  {
    path: ["slo", "*"],
    acts: ({ slo, durationMs, warmupMs }, [, key]) =>
      !isLatency(key) || (slo?.startLatency?.boundMs ?? 0) < durationMs - warmupMs,
    got: "a bound as long as the measured window: no wait can exceed it",
    expected: "less than duration − warmup",
    remedy: "Lower it, or simulate a longer duration",
  },
  {
    path: ["slo", "*"],
    acts: ({ slo, streams: { patience } }, [, key]) =>
      !isLatency(key) ||
      patience === undefined ||
      (slo?.startLatency?.boundMs ?? 0) < distributionOf(patience).quantile(1),
    got: "a bound that no wait can exceed: each request gives up by then (streams.patience)",
    expected: "less than the longest patience",
    remedy: "Lower it, or bound abandonedRatio instead",
  },
];

function normaliseSlo(written: z.infer<typeof schema> | undefined, faults: ScenarioFault[]): SloSpec | undefined {
  if (written === undefined) return undefined;
  const { rejectedRatio, abandonedRatio, interruptedRatio, violatingMinutes, days, ...latencies } = written;
  const bounds: { probability: number; boundMs: number }[] = [];
  for (const [key, boundMs] of Object.entries(latencies)) {
    const probability = latencyProbability(key);
    if (typeof probability === "number") bounds.push({ probability, boundMs: boundMs as number });
    else faults.push({ path: ["slo", key], atKey: true, code: "HR1201", ...probability });
  }
  if (bounds.length > 1)
    faults.push({ path: ["slo"], got: `${bounds.length} start-latency percentiles`, expected: "one" });
  const ratios = [rejectedRatio, abandonedRatio, interruptedRatio];
  if (Object.keys(latencies).length === 0 && ratios.every((bound) => bound === undefined)) {
    const expected = "startLatencyP99, rejectedRatio, abandonedRatio or interruptedRatio";
    faults.push({ path: ["slo"], got: "no bound", expected, remedy: "Add one, such as startLatencyP99: 200ms" });
  }
  if (days === 0) {
    const remedy = "Give the share of the runs that must meet the SLO, such as 95%, or leave the slo out";
    faults.push({ path: ["slo", "days"], got: "0 %: no run has to meet the SLO", expected: "more than 0 %", remedy });
  }
  if (violatingMinutes !== undefined && "share" in violatingMinutes && violatingMinutes.share >= 1) {
    const remedy = "Give the share of the minutes that may violate, such as 0.1%, or leave it out";
    const got = "100 %: every minute may violate";
    faults.push({ path: ["slo", "violatingMinutes"], got, expected: "less than 100 %", remedy });
  }
  return {
    startLatency: bounds[0],
    rejectedRatio,
    abandonedRatio,
    interruptedRatio,
    ...(violatingMinutes === undefined ? {} : { violatingMinutes }),
    days,
  };
}

/**
 * startLatencyP5, P50, P99 and P100 are per cent; further digits are decimals: P999 is 99.9 %.
 */
function latencyProbability(key: string): number | { readonly got: string; readonly remedy: string } {
  const written = /^startLatencyP(.*)$/.exec(key)?.[1];
  if (written === undefined) {
    const known = [...LATENCIES.examples, ...Object.keys(schema.shape)];
    const meant = closest(key, known);
    const remedy = meant === undefined ? `Known here: ${known.join(", ")}` : `Did you mean "${meant}"?`;
    return { got: `unknown key "${key}"`, remedy };
  }
  const digits = /^\d{1,5}$/.test(written) ? written : "0";
  const probability =
    digits === "100" ? 1 : Number(digits.length <= 2 ? digits : `0.${digits}`) / (digits.length <= 2 ? 100 : 1);
  // P101 and P050 are slips: decimals matter near 100 % only.
  if (probability > 0 && (digits.length <= 2 || digits === "100" || digits.startsWith("9"))) return probability;
  return {
    got: `the percentile "P${written.slice(0, 20)}"`,
    remedy: "Write P50 for 50 %, P99 for 99 %, P999 for 99.9 %, P100 for all",
  };
}

export const sloSection = {
  schema,
  off: undefined,
  empty: {
    startLatency: undefined,
    rejectedRatio: undefined,
    abandonedRatio: undefined,
    interruptedRatio: undefined,
    days: 0.95,
  },
  normalise: normaliseSlo,
  facts: ({ slo }: World, words) => {
    if (slo === undefined) return [];
    const percent = (value: number): string => `${words.number(value * 100)} %`;
    const { startLatency, violatingMinutes: budget } = slo;
    const ratios = { rejected: slo.rejectedRatio, abandoned: slo.abandonedRatio, interrupted: slo.interruptedRatio };
    const parts = Object.entries(ratios).flatMap(([what, bound]) =>
      bound === undefined ? [] : [`at most ${percent(bound)} ${what}`],
    );
    if (startLatency !== undefined)
      parts.unshift(`${percent(startLatency.probability)} start within ${words.duration(startLatency.boundMs)}`);
    if (budget !== undefined) {
      const minutes =
        "share" in budget ? `${percent(budget.share)} of the minutes` : `${words.number(budget.minutes)} min`;
      parts.push(`at most ${minutes} violate`);
    }
    return [["SLO", `${parts.join(", ")}, in ${percent(slo.days)} of the runs`]];
  },
  rules,
} satisfies Section<SloSpec | undefined, World> & Record<"schema" | "normalise", unknown>;
