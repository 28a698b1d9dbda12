import { formatDuration } from "../../base/units.js";
import { HOURS_PER_MONTH } from "./month.js";
import type { PlanDocument, PlanStatement } from "./plan-document.js";
import { countText, hostsText, moneyText, percentText } from "./plan-text.js";
import type { PlanQuestion } from "./question.js";

/** A day without a warm-up of some hours still counts as a day. */
const MOST_OF_A_DAY_MS = 20 * 3_600_000;

/** A month needs a whole day: a scenario of the peak alone is none. */
export function monthStatement({ scenario }: PlanQuestion): PlanStatement {
  const measured = measuredText(scenario);
  const text =
    measured === undefined
      ? `Money a month: ${HOURS_PER_MONTH} hours.`
      : `Money a month: ${HOURS_PER_MONTH} hours, all like the measured ` +
        `${measured}. A scenario of the peak alone counts the night as a peak.`;
  return { text, stamp: "estimated" };
}

/** The measured time, where that is less than a day. */
function measuredText({ durationMs, warmupMs }: PlanQuestion["scenario"]): string | undefined {
  const measuredMs = durationMs - warmupMs;
  return measuredMs >= MOST_OF_A_DAY_MS ? undefined : formatDuration(measuredMs);
}

/** Commit or on demand, and what spot hosts would save. */
export function moneyStatements(
  { commitment, cost, values, feasible }: PlanDocument,
  { prices, scenario }: PlanQuestion,
): PlanStatement[] {
  const money = (amount: number): string => moneyText(amount, cost.currency);
  const hosts = scenario.fleet.regions.reduce((sum, region) => {
    const chosen = values[`fleet.regions.${region.name}.hosts`];
    return sum + Number(chosen ?? region.hosts?.count ?? 0);
  }, 0);
  const survival = feasible === null ? "a simulation would say" : "the answer says";
  const texts = commitment === undefined ? [] : commitmentTexts(commitment, money, measuredText(scenario));
  if (prices.spot !== undefined && hosts > 0) {
    const spot = Math.ceil(prices.spot.share * hosts);
    const saves = spot * (scenario.cost.hostHour - prices.spot.hostHour) * HOURS_PER_MONTH;
    texts.push(
      `${spot} of the ${hosts} hosts as spot hosts would save ${money(saves)} a month; ` +
        `${survival} whether the plan survives that they are all taken back at the peak.`,
    );
  }
  return texts.map((text) => ({ text, stamp: "estimated" }));
}

function commitmentTexts(
  {
    level,
    ratio,
    termMonths,
    owed,
    onDemandPerMonth,
    committedPerMonth,
    fixed,
  }: NonNullable<PlanDocument["commitment"]>,
  money: (amount: number) => string,
  measured: string | undefined,
): string[] {
  const like = measured === undefined ? "" : `, and all hours like the measured ${measured}`;
  const term = termMonths === null ? "" : ` for ${monthsText(termMonths)}`;
  const owedText = (amount: number | null): string =>
    amount === null || amount === 0 ? "" : ` (${money(amount)} in all, used or not)`;
  const hours =
    level === 0
      ? `Were hosts bought by the hour as demand asks${like}: commit to none${term}, ` +
        `since not even one is needed for more than ${percentText(ratio)} of the time.`
      : `Were hosts bought by the hour as demand asks${like}: commit to ` +
        `${hostsText(level)}${term}${owedText(owed)}, since more are needed for no ` +
        `more than ${percentText(ratio)} of the time, and take the rest on demand: ` +
        `${money(committedPerMonth)} a month instead of ${money(onDemandPerMonth)}.`;
  if (fixed === null) return [hours];
  const all =
    fixed.level === fixed.hosts ? `all ${hostsText(fixed.hosts)}` : `${fixed.level} of ${hostsText(fixed.hosts)}`;
  return [
    hours,
    `The plan's hosts run all day: committing to ${all}${term}${owedText(fixed.owed)} ` +
      `saves ${money(fixed.savesPerMonth)} a month.`,
  ];
}

/** "12 months", "1.5 months". */
function monthsText(months: number): string {
  const rounded = Number(months.toPrecision(3));
  return rounded === 1 ? "1 month" : `${rounded} months`;
}

export function growthStatements({ growth }: PlanDocument, { scenario }: PlanQuestion): PlanStatement[] {
  if (growth === undefined) return [];
  const last = growth.months[growth.months.length - 1];
  const bought = growth.months.slice(1).map(({ month, needs }) => `${month}: ${needs.map(countText).join(", ")}`);
  const runsOut =
    growth.runsOut === null
      ? `What may be chosen lasts until ${growth.until}.`
      : `Capacity runs out in ${growth.runsOut.month}: that takes ` +
        `${countText({ path: growth.runsOut.path, value: growth.runsOut.need })}, ` +
        `and at most ${growth.runsOut.most} may be chosen.`;
  const text =
    bought.length === 0 || last === undefined
      ? "Nothing must be bought until then."
      : `To buy by ${bought.join("; ")}.`;
  const money = hostMoneyText(growth, scenario.cost);
  return [{ text: `With growth of ${growth.growth}: ${runsOut} ${text}${money}`, stamp: "estimated" }];
}

/** The monthly cost at the end of the growth, compared with today's; empty without hosts. */
function hostMoneyText(
  { months, until }: NonNullable<PlanDocument["growth"]>,
  { hostHour, currency }: PlanQuestion["scenario"]["cost"],
): string {
  const first = new Map<string, number>();
  const last = new Map<string, number>();
  for (const { path, value } of months.flatMap(({ needs }) => needs)) {
    if (!path.endsWith(".hosts")) continue;
    if (!first.has(path)) first.set(path, value);
    last.set(path, value);
  }
  const more = [...last].reduce((sum, [path, value]) => sum + value - (first.get(path) ?? value), 0);
  if (more === 0) return "";
  const money = moneyText(Math.abs(more) * hostHour * HOURS_PER_MONTH, currency ?? "");
  return ` Hosts on demand then cost ${money} a month ${more > 0 ? "more" : "less"} (${until}).`;
}
