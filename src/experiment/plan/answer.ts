import type { Design } from "./day-runs.js";
import type { PlanDocument } from "./plan-document.js";
import { choiceText, countText, missText, moneyInterval, percentText } from "./plan-text.js";

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
  const days = `${promise.met} of ${promise.of} fresh days`;
  const sentence = `${choice}: ${month} a month${plusMinus}, met on ${days}: ${proof}.`;
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
