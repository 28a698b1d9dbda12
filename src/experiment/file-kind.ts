import { InputError } from "../base/errors.js";

/** The kinds of YAML files that commands read: keys that only they have, and what reads them. */
const KINDS = [
  { kind: "scenario", named: "a scenario", keys: ["traffic", "streams", "fleet"], command: "headrace simulate" },
  { kind: "sweep", named: "a sweep", keys: ["scenario", "design", "axes"], command: "headrace sweep" },
  { kind: "gate", named: "a file of gated scenarios", keys: ["scenarios", "metrics"], command: "headrace check" },
] as const;
type Kind = (typeof KINDS)[number]["kind"];

function remedyFor(file: string, expected: Kind, found: (typeof KINDS)[number]): string {
  if (found.kind !== "scenario") return `Did you mean ${found.command} ${file}?`;
  return expected === "gate"
    ? `Let one be written: headrace check --init ${file}`
    : `Write a sweep that names it: scenario: ${file}`;
}

/**
 * Refuses a document that is plainly of another kind in one sentence, where each of its keys would
 * be a fault. A document with any key of the expected kind is checked as one.
 */
export function refuseOtherKind(file: string, document: unknown, expected: Kind): void {
  if (typeof document !== "object" || document === null) return;
  const found = KINDS.map((one) => ({ ...one, count: one.keys.filter((key) => Object.hasOwn(document, key)).length }));
  const own = found.find(({ kind }) => kind === expected);
  const other = found.toSorted((a, b) => b.count - a.count)[0];
  if (own === undefined || own.count > 0 || other.count < 2) return;
  throw new InputError({
    code: "HR1115",
    where: file,
    got: other.named,
    expected: own.named,
    remedy: remedyFor(file, expected, other),
  });
}
