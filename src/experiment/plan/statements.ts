import { formatCount, formatDuration } from "../../base/units.js";
import type { Confirmed } from "./confirm.js";
import type { Design } from "./day-runs.js";
import { HOURS_PER_MONTH } from "./month.js";
import type { PlanDocument, PlanStatement } from "./plan-document.js";
import {
  boundNames,
  choiceText,
  countText,
  hostsText,
  missText,
  moneyInterval,
  moneyText,
  percentText,
  sizeText,
} from "./plan-text.js";
import type { PlanQuestion } from "./question.js";
import type { Sizing } from "./size.js";

/** A warm-up of some hours leaves a day a day. */
const MOST_OF_A_DAY_MS = 20 * 3_600_000;

/** The answer in one or two sentences. */
export function planAnswer(document: PlanDocument, design: Design): string {
  const choice = choiceText(document.policy, design.choice);
  if (document.feasible === false) {
    const binding = [...(document.binding ?? []).map(missText), ...meansAbove(document)].join("; ");
    return `No design meets the SLO. The closest is ${choice}; it fails by ${binding}.`;
  }
  const { promise, cost } = document;
  const { month, plusMinus } = moneyInterval(cost.perMonth, cost.currency);
  const proof = promise.proved
    ? `at least ${percentText(promise.days)} of days, with ${percentText(promise.confidence)} confidence`
    : `not enough to promise ${percentText(promise.days)} of days with ${percentText(promise.confidence)} confidence`;
  const sentence = `${choice}: ${month} a month${plusMinus}, met on ${promise.met} of ${promise.of} fresh days: ${proof}.`;
  return [sentence, ...survivalSentences(document)].join(" ");
}

function meansAbove({ means }: PlanDocument): string[] {
  return means.flatMap(({ metric, mean, bound, met }) =>
    met ? [] : [missText({ bound: metric, share: mean, allowed: bound, day: null, world: "" })],
  );
}

function survivalSentences({ survives, whatIf, promise }: PlanDocument): string[] {
  const mayHold = ({ met, of }: { readonly met: number; readonly of: number }): boolean => met >= promise.days * of;
  const all: PlanDocument["whatIf"] = [...survives.map((record) => ({ ...record, takes: null })), ...whatIf];
  const held = all.filter(({ proved }) => proved);
  const open = all.filter((record) => !record.proved && mayHold(record));
  const failed = all.filter((record) => !record.proved && !mayHold(record));
  const name = (record: (typeof all)[number]): string => {
    const takes = record.takes !== null ? `; that takes ${countText(record.takes)}` : "";
    return `${record.failure} (${record.met} of ${record.of} days${takes})`;
  };
  return [
    ...(held.length === 0 ? [] : [`It survives ${held.map(name).join(", ")}.`]),
    ...(open.length === 0 ? [] : [`It may survive ${open.map(name).join(", ")}: too few to promise it.`]),
    ...(failed.length === 0 ? [] : [`It does not survive ${failed.map(name).join(", ")}.`]),
  ];
}

/** All statements of the plan, each with its kind of proof. */
export function planStatements(
  document: PlanDocument,
  question: PlanQuestion,
  sizing: Sizing,
  confirmed: Confirmed | undefined,
): PlanStatement[] {
  const simulated = (text: string): PlanStatement => ({ text, stamp: "simulated" });
  return [
    ...(confirmed === undefined ? [] : [simulated(document.answer)]),
    ...document.means.map((one) => simulated(meanText(one))),
    ...document.nextCheaper.map(({ values, saves, misses }) =>
      simulated(
        `${changeText(document.values, values)} would save ${percentText(saves)} (${moneyText(saves * document.cost.perMonth.mean, document.cost.currency)} a month), and fails: ${misses.map(missText).join("; ")}.`,
      ),
    ),
    ...(confirmed?.tookNeighbour === true
      ? [
          simulated(
            "It costs less than what the search chose: it misses a day of the search, but met the fresh days, and both together prove the promise.",
          ),
        ]
      : []),
    ...document.fallback.map(({ path, reason }) =>
      simulated(`${path}: ${reason}, so that each of its values was judged by itself.`),
    ),
    ...sizingStatements(sizing, question),
    ...scheduleStatement(document),
    monthStatement(question),
    ...moneyStatements(document, question),
    ...growthStatements(document, question),
    ...sensitivityStatements(document),
  ];
}

/** What a month is: a scenario of the peak alone is no day. */
function monthStatement({ scenario }: PlanQuestion): PlanStatement {
  const measured = measuredText(scenario);
  const text =
    measured === undefined
      ? `Money a month: ${HOURS_PER_MONTH} hours.`
      : `Money a month: ${HOURS_PER_MONTH} hours, all like the measured ${measured}. A scenario of the peak alone counts the night as a peak.`;
  return { text, stamp: "estimated" };
}

/** The measured time, where that is less than a day. */
function measuredText({ durationMs, warmupMs }: PlanQuestion["scenario"]): string | undefined {
  const measuredMs = durationMs - warmupMs;
  return measuredMs >= MOST_OF_A_DAY_MS ? undefined : formatDuration(measuredMs);
}

/** Commit or on demand, and what spot hosts would save. */
function moneyStatements(
  { commitment, cost, values, feasible }: PlanDocument,
  { prices, scenario }: PlanQuestion,
): PlanStatement[] {
  const money = (amount: number): string => moneyText(amount, cost.currency);
  const hosts = scenario.fleet.regions.reduce((sum, region) => {
    const chosen = values[`fleet.regions.${region.name}.hosts`];
    return sum + Number(chosen ?? region.hosts?.count ?? 0);
  }, 0);
  const survival = feasible === null ? "a simulation would say" : "the answer says";
  const said = commitment === undefined ? [] : commitmentTexts(commitment, money, measuredText(scenario));
  if (prices.spot !== undefined && hosts > 0) {
    const spot = Math.ceil(prices.spot.share * hosts);
    const saves = spot * (scenario.cost.hostHour - prices.spot.hostHour) * HOURS_PER_MONTH;
    said.push(
      `${spot} of the ${hosts} hosts as spot hosts would save ${money(saves)} a month; ${survival} whether the plan survives that they are all taken back at the peak.`,
    );
  }
  return said.map((text) => ({ text, stamp: "estimated" }));
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
      ? `Were hosts bought by the hour as demand asks${like}: commit to none${term}, since not even one is needed for more than ${percentText(ratio)} of the time.`
      : `Were hosts bought by the hour as demand asks${like}: commit to ${hostsText(level)}${term}${owedText(owed)}, since more are needed for no more than ${percentText(ratio)} of the time, and take the rest on demand: ${money(committedPerMonth)} a month instead of ${money(onDemandPerMonth)}.`;
  if (fixed === null) return [hours];
  const all =
    fixed.level === fixed.hosts ? `all ${hostsText(fixed.hosts)}` : `${fixed.level} of ${hostsText(fixed.hosts)}`;
  return [
    hours,
    `The plan's hosts run all day: committing to ${all}${term}${owedText(fixed.owed)} saves ${money(fixed.savesPerMonth)} a month.`,
  ];
}

/** "12 months", "1.5 months". */
function monthsText(months: number): string {
  const rounded = Number(months.toPrecision(3));
  return rounded === 1 ? "1 month" : `${rounded} months`;
}

function growthStatements({ growth }: PlanDocument, { scenario }: PlanQuestion): PlanStatement[] {
  if (growth === undefined) return [];
  const last = growth.months[growth.months.length - 1];
  const bought = growth.months.slice(1).map(({ month, needs }) => `${month}: ${needs.map(countText).join(", ")}`);
  const runsOut =
    growth.runsOut === null
      ? `What may be chosen lasts until ${growth.until}.`
      : `Capacity runs out in ${growth.runsOut.month}: that takes ${countText({ path: growth.runsOut.path, value: growth.runsOut.need })}, and at most ${growth.runsOut.most} may be chosen.`;
  const text =
    bought.length === 0 || last === undefined
      ? "Nothing must be bought until then."
      : `To buy by ${bought.join("; ")}.`;
  const money = hostMoneyText(growth, scenario.cost);
  return [{ text: `With growth of ${growth.growth}: ${runsOut} ${text}${money}`, stamp: "estimated" }];
}

/** What the hosts bought until the end cost more a month than today's; empty without hosts. */
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

function sensitivityStatements({ sensitivity }: PlanDocument): PlanStatement[] {
  if (sensitivity.length === 0) return [];
  const text = sensitivity
    .map(
      ({ input, change }) =>
        `${input}: ${change < 0 ? "−" : "+"}${Number((100 * Math.abs(change)).toFixed(1))} % slots`,
    )
    .join("; ");
  return [{ text: `What changes the answer most: ${text}.`, stamp: "estimated" }];
}

/** What one design has otherwise than another: "8 hosts in eu instead of 9". */
function changeText(from: PlanDocument["values"], to: PlanDocument["values"]): string {
  const changed = Object.keys(to).filter((path) => to[path] !== from[path]);
  return changed
    .map((path) => {
      const value = to[path];
      const text = typeof value === "number" ? countText({ path, value }) : `${path} ${String(value)}`;
      return `${text} instead of ${String(from[path])}`;
    })
    .join(", ");
}

/** "On average over 59 fresh days: rejected requests: 0.05 % (± 0.01 %), of at most 0.1 %." */
function meanText({ metric, mean, halfWidth, bound, days, met }: PlanDocument["means"][number]): string {
  const scatter = halfWidth === null ? "" : ` (± ${sizeText(metric, halfWidth)})`;
  const verdict = met ? "at most" : "which is above the";
  return `On average over ${days} fresh days: ${boundNames.get(metric) ?? metric} ${sizeText(metric, mean)}${scatter}, ${verdict} ${sizeText(metric, bound)} that is allowed (F_B, 95 % confidence up to a tenth of the bound).`;
}

/** "158", "0.047": three digits of what is small. */
function hoursText(hours: number): string {
  return hours < 100 ? String(Number(hours.toPrecision(3))) : formatCount(hours);
}

/** What following demand is worth. */
function scheduleStatement({ sizing: { schedule } }: PlanDocument): PlanStatement[] {
  const { streamletHours, peakSlots, fixedStreamletHours } = schedule;
  if (streamletHours === null || peakSlots === null) return [];
  const less = 1 - streamletHours / fixedStreamletHours;
  // The schedule keeps the target at each instant, a fixed fleet on average: it may need more.
  if (less <= 0) return [];
  return [
    {
      text: `A schedule that follows demand to the quarter minute needs ${hoursText(streamletHours)} streamlet-hours and ${formatCount(peakSlots)} slots at most (iterated staffing), ${percentText(less)} less than a fixed fleet's ${hoursText(fixedStreamletHours)}.`,
      stamp: "estimated",
    },
  ];
}

/** What is known without a simulation. */
function sizingStatements(sizing: Sizing, { scenario }: PlanQuestion): PlanStatement[] {
  const share = percentText(sizing.target);
  const event = sizing.isLoss ? "find no slot" : "start later than the bound";
  const pools = sizing.pools.filter(({ peakLoad }) => peakLoad > 0);
  const elsewhere = scenario.routing.spillOver === "none" || pools.length === 1 ? "" : "if none goes elsewhere; ";
  return [
    ...pools.map(
      ({ pool, peakLoad, needed }): PlanStatement => ({
        text: `${pool}: the offered load peaks at ${formatCount(peakLoad)} open streams; a fixed fleet needs ${formatCount(needed.estimated)} slots for no more than ${share} of requests to ${event} (on average over days; ${elsewhere}modified offered load).`,
        stamp: "estimated",
      }),
    ),
    ...pools.flatMap(({ pool, needed }): PlanStatement[] =>
      needed.certified === null
        ? []
        : [
            {
              text: `${pool}: with ${formatCount(needed.certified)} slots that are always ready at most ${share} of requests find no slot, on average over days.`,
              stamp: "certified",
            },
          ],
    ),
    ...sizing.hosts.flatMap((hosts, r): PlanStatement[] =>
      hosts === undefined
        ? []
        : [
            {
              text: `${scenario.fleet.regions[r].name}: ${hostsText(hosts.estimated)} ${hosts.estimated === 1 ? "holds" : "hold"} the streamlets of such a fleet.`,
              stamp: "estimated",
            },
          ],
    ),
    {
      text: `No policy needs fewer than ${hoursText(sizing.leastStreamletHours)} streamlet-hours in the measured time to serve all requests.`,
      stamp: "estimated",
    },
  ];
}
