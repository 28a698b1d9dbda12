import type { z } from "zod";
import type { ErrorCode } from "../../../base/error-codes/all.js";
import { closest } from "../../../base/spelling.js";

/** A fault in the written scenario, by the path of keys that leads to it. `atKey`: the key itself is at fault, not its value. */
export interface ScenarioFault {
  readonly path: readonly (string | number)[];
  readonly atKey?: boolean;
  /** HR1204, values that do not go together, if left out. */
  readonly code?: ErrorCode;
  readonly got: string;
  readonly expected?: string;
  readonly remedy?: string;
}

type Issue = z.core.$ZodIssue;

/** Turns zod's issues into faults that say what was got, what was expected and what to do. */
export function faultsOf(
  issues: readonly Issue[],
  input: unknown,
  known: (path: readonly (string | number)[]) => readonly string[],
): ScenarioFault[] {
  return issues.flatMap((issue) => faultsOfIssue(issue, [], input, known));
}

function faultsOfIssue(
  issue: Issue,
  prefix: readonly (string | number)[],
  input: unknown,
  known: (path: readonly (string | number)[]) => readonly string[],
): ScenarioFault[] {
  const path = [...prefix, ...(issue.path as (string | number)[])];
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey(path, key, known(path)));
    case "invalid_union":
      return faultsOfUnion(issue, path, input, known);
    case "custom": {
      const params = (issue.params ?? {}) as { expected?: string; remedy?: string };
      return [{ path, code: "HR1203", got: issue.message, ...params }];
    }
    default: {
      const value = valueAt(input, path);
      const code = value === undefined ? "HR1202" : "HR1203";
      return [{ path, code, got: describeValue(value), expected: expectation(issue) }];
    }
  }
}

/** Of a union, the branch counts that the value was meant for: an object's for objects, the first for the rest. */
function faultsOfUnion(
  issue: Extract<Issue, { code: "invalid_union" }>,
  path: readonly (string | number)[],
  input: unknown,
  known: (path: readonly (string | number)[]) => readonly string[],
): ScenarioFault[] {
  const value = valueAt(input, path);
  if (issue.discriminator !== undefined || issue.errors.length === 0) {
    const kind = value !== null && typeof value === "object" ? (value as Record<string, unknown>).kind : undefined;
    return [
      {
        path: kind === undefined ? path : [...path, "kind"],
        code: "HR1203",
        got: describeValue(kind ?? value),
        expected: "one of the known kinds: constant, exponential, lognormal, pareto, empirical",
      },
    ];
  }
  const structured = value !== null && typeof value === "object";
  const ranked = issue.errors.filter((branch) => !branch.some(isWrongType));
  const list = Array.isArray(value);
  const profile = structured && Object.hasOwn(value, "profile") && !Object.hasOwn(value, "kind");
  const branch =
    ranked.length > 0
      ? ranked[structured && !list && !profile ? 0 : ranked.length - 1]
      : issue.errors[structured ? issue.errors.length - 1 : 0];
  return branch.flatMap((inner) => faultsOfIssue(inner, path, input, known));
}

/** Not even the type fits: this branch was not meant. */
function isWrongType(issue: Issue): boolean {
  if (issue.path.length > 0) return false;
  if (issue.code === "invalid_union")
    return issue.errors.length > 0 && issue.errors.every((branch) => branch.some(isWrongType));
  return issue.code === "invalid_type";
}

function unknownKey(path: readonly (string | number)[], key: string, known: readonly string[]): ScenarioFault {
  const meant = closest(key, known);
  const remedy =
    meant === undefined
      ? known.length === 0
        ? "Remove it"
        : `Known here: ${known.join(", ")}`
      : `Did you mean "${meant}"?`;
  return { path: [...path, key], atKey: true, code: "HR1201", got: `unknown key "${key}"`, remedy };
}

function valueAt(input: unknown, path: readonly (string | number)[]): unknown {
  let value = input;
  for (const key of path) {
    if (value === null || typeof value !== "object") return undefined;
    value = (value as Record<string | number, unknown>)[key];
  }
  return value;
}

export function describeValue(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (typeof value === "string") return `"${value.slice(0, 60)}"`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object") return "an object";
  return String(value);
}

function expectation(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return typeNames[issue.expected] ?? issue.expected;
    case "invalid_value":
      return `one of ${issue.values.map(String).join(", ")}`;
    case "too_small":
      return `${issue.origin === "string" ? "a text of " : issue.origin === "array" ? "a list of " : ""}${issue.inclusive === false ? "more than" : "at least"} ${issue.minimum}`;
    case "too_big":
      return `${issue.origin === "string" ? "a text of " : issue.origin === "array" ? "a list of " : ""}${issue.inclusive === false ? "less than" : "at most"} ${issue.maximum}`;
    default:
      return issue.message;
  }
}

const typeNames: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};
