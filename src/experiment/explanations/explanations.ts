import { errorSubjects } from "../../base/error-codes/all.js";
import { closest } from "../../base/spelling.js";
import { builtInPolicies } from "../../control/policies/registry.js";
import { STOP_REASONS, stopReasonMeaning } from "../../ports/fleet.js";
import { decisionReasons, refusalReasons, rejectReasons } from "../../ports/reasons.js";
import { metricCatalogue } from "../metric-catalogue.js";
import { scenarioKeys } from "./scenario-keys.js";
import { fieldTerms, reportTerms, verdictWords } from "./terms.js";

/** What a term can be, in the order in which a list shows them. */
export const SUBJECTS = [
  "term",
  "metric",
  "verdict",
  "policy",
  "key",
  "reason of a decision",
  "refusal of a decision",
  "refusal of a request",
  "end of a streamlet",
  "error",
] as const;
type Subject = (typeof SUBJECTS)[number];

/** One term with its sentence. */
export interface Explained {
  readonly term: string;
  readonly subject: Subject;
  readonly meaning: string;
}

/**
 * Every term with its sentence, from the place of its declaration: metrics, keys of scenarios and
 * knobs of policies, policies, reasons, verdicts, error codes and the words of the field.
 */
export function explanations(): Explained[] {
  const of = (subject: Subject, entries: Iterable<readonly [string, string]>): Explained[] =>
    Array.from(entries, ([term, meaning]) => ({ term, subject, meaning }));
  const metrics = Object.entries(metricCatalogue).map(([name, { label, unit, meaning }]) => {
    const inUnit =
      unit === "" ? "" : ` In ${unit === "%" ? "per cent" : unit === "currency" ? "currency units" : unit}.`;
    return [name, `${label}: ${meaning}.${inUnit}`] as const;
  });
  const policies = [...builtInPolicies.values()].map(({ kind, docs }) => [kind, policyMeaning(docs)] as const);
  const errors = Object.values(errorSubjects).flatMap((codes) =>
    Object.entries(codes).map(([code, { cause, cure }]) => [code, `${cause} ${cure}`] as const),
  );
  return [
    ...of("term", [...fieldTerms, ...reportTerms]),
    ...of("metric", metrics),
    ...of("verdict", verdictWords),
    ...of("policy", policies),
    ...of(
      "key",
      scenarioKeys().map(({ path, meaning }) => [path, meaning] as const),
    ),
    ...of("reason of a decision", Object.entries(decisionReasons)),
    ...of("refusal of a decision", Object.entries(refusalReasons)),
    ...of(
      "refusal of a request",
      Object.entries(rejectReasons).map(([name, { meaning }]) => [name, meaning] as const),
    ),
    ...of(
      "end of a streamlet",
      STOP_REASONS.map((reason) => [reason, stopReasonMeaning(reason)] as const),
    ),
    ...of("error", errors),
  ];
}

function policyMeaning(docs: {
  readonly imitates: string;
  readonly constants: string;
  readonly decides: string;
  readonly metricsAge: string;
}): string {
  const plain = (text: string): string => text.replace(/\*\*|`/g, "").replace(/\[([^\]]*)\]\([^)]*\)/g, "$1");
  const name = `${docs.imitates[0].toUpperCase()}${docs.imitates.slice(1)}`;
  const { decides, metricsAge, constants } = docs;
  return plain(`${name}. Decides ${decides}. Age of its metrics: ${metricsAge}. Defaults: ${constants}.`);
}

/**
 * The explanations of a word: those of the term itself, or of each key whose last part it is.
 * After a reason the control plane's may follow in brackets, as in tables. Otherwise of a term
 * that differs only in spaces, hyphens and commas, or of the metric with that label.
 */
export function explanationsOf(word: string, all: readonly Explained[]): Explained[] {
  const wanted = word.trim().toLowerCase();
  const exact = all.filter(({ term }) => term.toLowerCase() === wanted);
  const keys = all.filter(({ term, subject }) => subject === "key" && term.toLowerCase().endsWith(`.${wanted}`));
  const found = [...exact, ...keys];
  if (found.length > 0) return found;
  const parts = wanted.split(/\s*[()]\s*|: /).filter((part) => part !== "");
  if (parts.length >= 2) return parts.flatMap((part) => all.filter(({ term }) => term.toLowerCase() === part));
  const letters = lettersOf(wanted);
  const isMeant = (term: string): boolean => lettersOf(term) === letters;
  return all.filter(
    ({ term, subject }) => isMeant(term) || (subject === "metric" && isMeant(metricCatalogue[term].label)),
  );
}

function lettersOf(term: string): string {
  return term.toLowerCase().replace(/[\s,-]/g, "");
}

/** A shorter word, or a shorter prefix, does not suggest a term of several words. */
const LEAST_CLUE = 4;

/**
 * The term that a misspelt word probably means: one with a similar spelling; else one that begins
 * with it; else one of several words that contains it, or a similar word. Undefined if there is
 * none.
 */
export function nearestTerm(word: string, all: readonly Explained[]): string | undefined {
  const wanted = word.trim().toLowerCase();
  const terms = [...new Set(all.flatMap(({ term }) => [term, term.split(".").pop() ?? term]))];
  const spelt = wanted === "" ? undefined : closest(wanted, terms);
  if (spelt !== undefined || wanted.length < LEAST_CLUE) return spelt;
  const begun = terms.find((term) => term.toLowerCase().startsWith(wanted));
  if (begun !== undefined) return begun;
  const holders = new Map(terms.flatMap((term) => wordsOf(term).map((part) => [part, term])));
  const part = closest(wanted, [...holders.keys()]);
  return part === undefined ? undefined : holders.get(part);
}

/** The words of a term of several words. */
function wordsOf(term: string): string[] {
  const words = term.toLowerCase().match(/\p{L}+/gu) ?? [];
  return words.length === 1 ? [] : words.filter((one) => one.length >= LEAST_CLUE);
}
