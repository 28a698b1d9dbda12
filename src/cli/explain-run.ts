import { InputError } from "../base/errors.js";
import {
  type Explained,
  explanations,
  explanationsOf,
  nearestTerm,
  SUBJECTS,
} from "../experiment/explanations/explanations.js";
import type { ExplainArguments } from "./explain.js";

const WIDTH = 96;

/** `headrace explain TERM`: its sentences; without a term, every term by subject. */
export function explainTerm({ term = [], json }: ExplainArguments): void {
  const all = explanations();
  const found = term.length === 0 ? all : foundOf(term.join(" "), all);
  process.stdout.write(
    json ? `${JSON.stringify(found, null, 2)}\n` : term.length === 0 ? listed(all) : sentencesOf(found),
  );
}

function foundOf(word: string, all: readonly Explained[]): Explained[] {
  const found = explanationsOf(word, all);
  if (found.length > 0) return found;
  const meant = nearestTerm(word, all);
  throw new InputError({
    code: "HR1003",
    got: `no term "${word.slice(0, 60)}"`,
    expected: "a metric, key, knob, policy, reason, verdict, error code or word of the field",
    remedy: meant === undefined ? "headrace explain lists them all" : `Did you mean "${meant}"?`,
  });
}

/** Places with the same sentence are named together. */
function sentencesOf(found: readonly Explained[]): string {
  const places = new Map<string, string[]>();
  for (const { term, subject, meaning } of found) {
    const heading = `${subject}\n${meaning}`;
    places.set(heading, [...(places.get(heading) ?? []), term]);
  }
  return Array.from(places, ([heading, terms]) => {
    const [subject, meaning] = heading.split("\n");
    return `${wrapped(`${[...new Set(terms)].join(", ")} (${subject})`, "")}\n${wrapped(meaning, "  ")}\n`;
  }).join("\n");
}

function listed(all: readonly Explained[]): string {
  const blocks = SUBJECTS.map((subject) => {
    const terms = all.filter((one) => one.subject === subject).map(({ term }) => term);
    return `${subject}\n${wrapped([...new Set(terms)].join(", "), "  ")}\n`;
  });
  return `${blocks.join("\n")}\nheadrace explain TERM explains one.\n`;
}

function wrapped(text: string, indent: string): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines[lines.length - 1];
    if (last !== "" && indent.length + last.length + word.length + 1 > WIDTH) lines.push(word);
    else lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
  }
  return lines.map((line) => indent + line).join("\n");
}
