import { formatCount } from "../../base/units.js";
import type { Confirmed } from "./confirm.js";
import { growthStatements, moneyStatements, monthStatement } from "./money-statements.js";
import type { PlanDocument, PlanStatement } from "./plan-document.js";
import { boundNames, countText, hostsText, missText, moneyText, percentText, sizeText } from "./plan-text.js";
import type { PlanQuestion } from "./question.js";
import type { Sizing } from "./size.js";

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
        `${changeText(document.values, values)} would save ${percentText(saves)} ` +
          `(${moneyText(saves * document.cost.perMonth.mean, document.cost.currency)} ` +
          `a month), and fails: ${misses.map(missText).join("; ")}.`,
      ),
    ),
    ...(confirmed?.tookNeighbour === true
      ? [
          simulated(
            "It costs less than what the search chose: it misses a day of the " +
              "search, but met the fresh days, and both together prove the promise.",
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

/** The differences of one design from another: "8 hosts in eu instead of 9". */
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
  return (
    `On average over ${days} fresh days: ${boundNames.get(metric) ?? metric} ` +
    `${sizeText(metric, mean)}${scatter}, ${verdict} ${sizeText(metric, bound)} ` +
    "that is allowed (F_B, 95 % confidence up to a tenth of the bound)."
  );
}

/** "158", "0.047": three digits of what is small. */
function hoursText(hours: number): string {
  return hours < 100 ? String(Number(hours.toPrecision(3))) : formatCount(hours);
}

/** The saving of a schedule that follows demand. */
function scheduleStatement({ sizing: { schedule } }: PlanDocument): PlanStatement[] {
  const { streamletHours, peakSlots, fixedStreamletHours } = schedule;
  if (streamletHours === null || peakSlots === null) return [];
  const less = 1 - streamletHours / fixedStreamletHours;
  // A schedule meets the target at each instant, a fixed fleet only on average: it may need more.
  if (less <= 0) return [];
  return [
    {
      text:
        `A schedule that follows demand to the quarter minute needs ${hoursText(streamletHours)} ` +
        `streamlet-hours and ${formatCount(peakSlots)} slots at most (iterated staffing), ` +
        `${percentText(less)} less than a fixed fleet's ${hoursText(fixedStreamletHours)}.`,
      stamp: "estimated",
    },
  ];
}

/** Statements that need no simulation. */
function sizingStatements(sizing: Sizing, { scenario }: PlanQuestion): PlanStatement[] {
  const share = percentText(sizing.target);
  const event = sizing.isLoss ? "find no slot" : "start later than the bound";
  const pools = sizing.pools.filter(({ peakLoad }) => peakLoad > 0);
  const elsewhere = scenario.routing.spillOver === "none" || pools.length === 1 ? "" : "if none goes elsewhere; ";
  return [
    ...pools.map(
      ({ pool, peakLoad, needed }): PlanStatement => ({
        text:
          `${pool}: the offered load peaks at ${formatCount(peakLoad)} open streams; a fixed ` +
          `fleet needs ${formatCount(needed.estimated)} slots for no more than ${share} of ` +
          `requests to ${event} (on average over days; ${elsewhere}modified offered load).`,
        stamp: "estimated",
      }),
    ),
    ...pools.flatMap(({ pool, needed }): PlanStatement[] =>
      needed.certified === null
        ? []
        : [
            {
              text:
                `${pool}: with ${formatCount(needed.certified)} slots that are always ` +
                `ready at most ${share} of requests find no slot, on average over days.`,
              stamp: "certified",
            },
          ],
    ),
    ...sizing.hosts.flatMap((hosts, r): PlanStatement[] =>
      hosts === undefined
        ? []
        : [
            {
              text:
                `${scenario.fleet.regions[r].name}: ${hostsText(hosts.estimated)} ` +
                `${hosts.estimated === 1 ? "holds" : "hold"} the streamlets of such a fleet.`,
              stamp: "estimated",
            },
          ],
    ),
    {
      text:
        `No policy needs fewer than ${hoursText(sizing.leastStreamletHours)} ` +
        "streamlet-hours in the measured time to serve all requests.",
      stamp: "estimated",
    },
  ];
}
