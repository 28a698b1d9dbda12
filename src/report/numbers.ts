import { decimalPlaceOf, roundToPlace } from "../base/decimal-place.js";
import { type MetricFacts, metricCatalogue } from "../experiment/metric-catalogue.js";
import type { Estimate } from "../experiment/result.js";

const MOST_DECIMALS = 6;

/** Facts of a metric; a metric that is not in the catalogue is shown under its key. */
export function metricFacts(metric: string): MetricFacts {
  return metricCatalogue[metric] ?? { label: metric, unit: "", good: "neither", meaning: "" };
}

/** The unit as a heading shows it; `currency` as the scenario names it. */
export function unitName(facts: MetricFacts, currency = "currency units"): string {
  return facts.unit === "currency" ? currency : facts.unit;
}

/** Ratios are shown as per cent. */
export function shownValue(value: number, facts: MetricFacts): number {
  return facts.unit === "%" ? value * 100 : value;
}

/** A fixed number of decimals, thousands in groups of three, and a true minus sign. */
export function formatFixed(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "unknown" : value > 0 ? "∞" : "−∞";
  const [whole, fraction] = Math.abs(value).toFixed(decimals).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  const text = fraction === undefined ? grouped : `${grouped}.${fraction}`;
  return value < 0 && Number(text.replaceAll(",", "")) !== 0 ? `−${text}` : text;
}

/** About `digits` significant digits, no trailing zeros. */
export function formatNumber(value: number, digits = 4): string {
  if (value === 0 || !Number.isFinite(value)) return formatFixed(value, 0);
  const decimals = Math.min(MOST_DECIMALS, Math.max(0, digits - 1 - exponentOf(value)));
  const text = formatFixed(value, decimals);
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** The desired count of a policy; none if the policy failed to decide. */
export function wantedText(wanted: number): string {
  return Number.isNaN(wanted) ? "no number" : formatNumber(wanted);
}

/**
 * The numbers of a column, all with the decimals that give the largest one `digits` significant
 * digits.
 */
export function formatColumn(values: readonly number[], digits: number): string[] {
  const largest = Math.max(0, ...values.map(Math.abs));
  const decimals = largest === 0 ? 0 : Math.max(0, digits - 1 - exponentOf(largest));
  return values.map((value) => formatFixed(value, Math.min(MOST_DECIMALS, decimals)));
}

/** A count that is a mean over replications: 1,931, 46.3, 7.3, 0.05. */
export function formatMeanCount(mean: number): string {
  return mean >= 100 ? formatFixed(mean, 0) : formatNumber(mean, mean >= 10 ? 3 : 2);
}

/**
 * A mean and its half width, both to the second significant digit of the half width: 12.34 ± 0.56,
 * 247,000 ± 12,000.
 */
export function formatInterval(mean: number, halfWidth: number | null, signed = false): string {
  const sign = signed && mean > 0 ? "+" : "";
  if (halfWidth === null || !(halfWidth > 0)) {
    return halfWidth === null ? sign + formatNumber(mean) : `${sign}${formatNumber(mean)} ± 0`;
  }
  const place = Math.min(MOST_DECIMALS, decimalPlaceOf(halfWidth));
  const text = formatToPlace(mean, place);
  const isZero = !/[1-9]/.test(text);
  return `${isZero ? "" : sign}${text} ± ${formatToPlace(halfWidth, place)}`;
}

function formatToPlace(value: number, place: number): string {
  return formatFixed(place < 0 ? roundToPlace(value, place) : value, Math.max(0, place));
}

/** An estimate in the unit shown, without the unit's name; "≥" if only a lower bound is known. */
export function formatEstimate(estimate: Estimate, facts: MetricFacts): string {
  const halfWidth = estimate.halfWidth === null ? null : shownValue(estimate.halfWidth, facts);
  const text = formatInterval(shownValue(estimate.mean, facts), halfWidth);
  return estimate.atLeast === true ? `≥ ${text}` : text;
}

/** A base with its half width; null where one run gives none. */
type Base = Pick<Estimate, "mean" | "halfWidth">;

/**
 * Whether a percentage of a base is meaningful: not of 0, nor of a base whose interval is wide
 * (half width above half the mean).
 */
export function isFarFromZero({ mean, halfWidth }: Base): boolean {
  return Number.isFinite(mean) && mean !== 0 && (halfWidth ?? 0) <= Math.abs(mean) / 2;
}

/** "+12 %"; undefined when the base is near zero. */
export function formatChange(delta: number, base: Base): string | undefined {
  if (!isFarFromZero(base)) return undefined;
  const percent = (100 * delta) / Math.abs(base.mean);
  const size = Math.abs(percent);
  const text = formatFixed(percent, size > 0 && size < 10 ? 1 : 0);
  return `${percent > 0 ? "+" : ""}${text} %`;
}

/** "1.5 h", "10 min", "250 ms": the largest unit in which it is at least 1. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms)) return "unbounded";
  const units: readonly (readonly [string, number])[] = [
    ["d", 86_400_000],
    ["h", 3_600_000],
    ["min", 60_000],
    ["s", 1000],
    ["ms", 1],
  ];
  // Up to two days, or if days are no whole number, hours are easier to read.
  const fits = units.find(([name, size]) => ms >= size && (name !== "d" || (ms > 2 * size && ms % size === 0))) ?? [
    "ms",
    1,
  ];
  return `${formatNumber(ms / fits[1])} ${fits[0]}`;
}

/**
 * Rounds to five significant digits, for data in a chart: shorter files without a visible
 * difference.
 */
export function chartNumber(value: number): number {
  return Number(value.toPrecision(5));
}

function exponentOf(value: number): number {
  return Math.floor(Math.log10(Math.abs(value)) + 1e-12);
}
