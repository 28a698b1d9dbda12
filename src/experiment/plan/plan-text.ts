import { decimalPlaceOf, roundToPlace } from "../../base/decimal-place.js";
import { formatCount } from "../../base/units.js";
import type { ChosenValue } from "./designs.js";
import type { PlanMiss } from "./plan-document.js";

const symbols: ReadonlyMap<string, string> = new Map([
  ["EUR", "€"],
  ["USD", "$"],
  ["GBP", "£"],
]);

/** A scatter of less than half a cent a month counts as none. */
const LEAST_SCATTER = 0.005;

/** "€1,870", "1,870 CHF", "1,870". */
export function moneyText(amount: number, currency: string): string {
  const number = amount !== 0 && Math.abs(amount) < 100 ? amount.toFixed(2) : formatCount(amount);
  const symbol = symbols.get(currency);
  if (symbol !== undefined) return `${symbol}${number}`;
  return currency === "" ? number : `${number} ${currency}`;
}

/**
 * "€247,000" and " (± 12,000)". Cents are shown as for any amount; digits that the scatter makes
 * meaningless become zeros.
 */
export function moneyInterval(
  { mean, halfWidth }: { readonly mean: number; readonly halfWidth: number | null },
  currency: string,
): { readonly month: string; readonly plusMinus: string } {
  const width = halfWidth ?? 0;
  if (width < LEAST_SCATTER) return { month: moneyText(mean, currency), plusMinus: "" };
  const place = Math.min(0, decimalPlaceOf(width));
  const rounded = (amount: number): number => (place < 0 ? roundToPlace(amount, place) : amount);
  return { month: moneyText(rounded(mean), currency), plusMinus: ` (± ${moneyText(rounded(width), "")})` };
}

/** "95 %", "99.9 %". */
export function percentText(share: number): string {
  return `${Number((100 * share).toPrecision(share > 0.99 && share < 1 ? 4 : 3))} %`;
}

/** "14 hosts in eu, 9 in us, predictive at quantile 0.995". */
export function choiceText(policy: string, choice: readonly ChosenValue[]): string {
  const hosts = choice.filter(({ variable }) => isHosts(variable.steps));
  const knobs = choice.filter(({ variable }) => variable.steps[0] === "policies");
  const rest = choice.filter((one) => !hosts.includes(one) && !knobs.includes(one));
  const hostTexts = hosts.map(({ variable, value }, i) => {
    const words = variable.path.split(".");
    return `${String(value)}${i === 0 ? " hosts" : ""} in ${words.slice(2, -1).join(".")}`;
  });
  const restTexts = rest.map(({ variable, value }) => `${variable.path} ${String(value)}`);
  const knobTexts = knobs.map(
    ({ variable, value }) => `${String(variable.steps[variable.steps.length - 1])} ${String(value)}`,
  );
  const policyText = knobTexts.length === 0 ? policy : `${policy} at ${knobTexts.join(", ")}`;
  return [...hostTexts, ...restTexts, policyText].join(", ");
}

function isHosts(steps: ChosenValue["variable"]["steps"]): boolean {
  return steps[0] === "fleet" && steps[1] === "regions" && steps[steps.length - 1] === "hosts";
}

/** "start latency: 1.8 % above its bound, where 1 % is allowed, on day 17". */
export function missText({ bound, share, allowed, day, world }: PlanMiss): string {
  const where = world === "" ? "" : ` (${world})`;
  const what = boundNames.get(bound) ?? bound;
  const when = day === null ? "on average over the days" : `on day ${day}${where}`;
  return `${what} ${sizeText(bound, share)}, where ${sizeText(bound, allowed)} is allowed, ${when}`;
}

/** A share of requests in per cent; minutes as they are. */
export function sizeText(bound: string, size: number): string {
  return bound === "sloViolationMinutes" ? `${Number(size.toPrecision(3))} min` : percentText(size);
}

export const boundNames: ReadonlyMap<string, string> = new Map([
  ["startLatency", "requests that start later than the bound:"],
  ["rejectedRatio", "rejected requests:"],
  ["abandonedRatio", "abandoned requests:"],
  ["interruptedRatio", "interrupted requests:"],
  ["failedDecisions", "decisions at which the policy failed:"],
  ["violatingMinutes", "violating minutes:"],
  ["sloViolationMinutes", "violating minutes:"],
  ["waitProbability", "requests that wait at all:"],
]);

/** "12 hosts in us", "count 40". */
export function countText({ path, value }: { readonly path: string; readonly value: number }): string {
  const words = path.split(".");
  const isHosts = words[1] === "regions" && words[words.length - 1] === "hosts";
  return isHosts ? `${hostsText(value)} in ${words.slice(2, -1).join(".")}` : `${words[words.length - 1]} ${value}`;
}

/** "1 host", "7 hosts". */
export function hostsText(count: number): string {
  return count === 1 ? "1 host" : `${count} hosts`;
}
