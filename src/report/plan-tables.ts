import type { PlanDocument } from "../experiment/plan/plan-document.js";
import { missText, moneyText } from "../experiment/plan/plan-text.js";
import { type TextTable, textTableLines } from "./frontier-tables.js";
import { formatNumber } from "./numbers.js";

/** Designs whose costs differ by less are alike to the search. */
const ALIKE = 0.01;

/** The answer first, then what backs it, as text for a terminal. */
export function renderPlan(document: PlanDocument): string {
  const tables = planTables(document).map((table) => textTableLines(table).join("\n"));
  return [document.answer, ...tables].join("\n\n");
}

/** The tables of a plan, in the order in which they are shown. */
export function planTables(document: PlanDocument): TextTable[] {
  return [
    statementsTable(document),
    ...(document.perPolicy.length === 0 ? [] : [perPolicyTable(document)]),
    ...(document.alternatives.length === 0 ? [] : [alternativesTable(document)]),
    sizingTable(document),
  ];
}

export function statementsTable({ statements }: PlanDocument): TextTable {
  return {
    title: "What is known, and how",
    head: ["stamp", "statement"],
    rows: statements.map(({ stamp, text }) => [stamp, text]),
  };
}

export function perPolicyTable({ perPolicy, cost }: PlanDocument): TextTable {
  return {
    title: "Each policy at its best values (the answer is proved on fresh days, the others meet those of the search)",
    head: ["policy", "design", "cost a month", "stamp"],
    rows: perPolicy.map(({ policy, design, perMonth, stamp }) => [
      policy,
      design,
      perMonth === null ? "no value meets every day" : moneyText(perMonth, cost.currency),
      stamp,
    ]),
  };
}

export function alternativesTable({ alternatives, cost, policy, values }: PlanDocument): TextTable {
  const { mean } = cost.perMonth;
  const answer = [policy, valuesText(values), moneyText(mean, cost.currency), "the answer"];
  const rows = alternatives.map((one) => [
    one.policy,
    valuesText(one.values),
    moneyText(one.perMonth, cost.currency),
    one.status === "dearer"
      ? `${one.perMonth > (1 + ALIKE) * mean ? "dearer" : "costs as much within 1 %"}, not ruled out`
      : one.misses.map(missText).join("; "),
  ]);
  return {
    title: "Alternatives that were simulated (cost of one day, as a month)",
    head: ["policy", "values", "cost a month", "verdict"],
    rows: [answer, ...rows],
  };
}

export function sizingTable({ sizing }: PlanDocument): TextTable {
  return {
    title: "Sizes of a fixed fleet, without simulation",
    head: ["pool", "peak of open streams", "slots, certified", "slots, estimated", "streamlets, estimated"],
    rows: sizing.pools.map(({ pool, peakLoad, slots, streamlets }) => [
      pool,
      formatNumber(peakLoad, 4),
      slots.certified === null ? "–" : formatNumber(slots.certified, 9),
      formatNumber(slots.estimated, 9),
      formatNumber(streamlets.estimated, 9),
    ]),
  };
}

/** Values with the last two words of their paths: "eu.hosts 8, predictive.quantile 0.995". */
export function valuesText(values: PlanDocument["values"]): string {
  return Object.entries(values)
    .map(([path, value]) => `${shortPath(path)} ${String(value)}`)
    .join(", ");
}

/** "eu.hosts"; of a policy, which stands beside it, the knob alone. */
function shortPath(path: string): string {
  return path
    .split(".")
    .slice(path.startsWith("policies.") ? -1 : -2)
    .join(".");
}
