import type { ErrorCode } from "../../../base/error-codes/all.js";
import { closest } from "../../../base/spelling.js";
import type { z } from "../../../base/zod.js";
import { definition, discriminatorOf, keyFamilies, keysElsewhere, knownKeys, schemasAt } from "./known-keys.js";

/**
 * A fault in the written scenario, by the path of keys that leads to it. `atKey`: the key itself is
 * at fault, not its value.
 */
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

/** Turns zod's issues with an input into faults: what was got, what was expected, what to do. */
export function faultsOf(issues: readonly Issue[], input: unknown, schema: z.ZodType): ScenarioFault[] {
  return issues.flatMap((issue) => faultsOfIssue(issue, [], input, schema));
}

function faultsOfIssue(
  issue: Issue,
  prefix: readonly (string | number)[],
  input: unknown,
  schema: z.ZodType,
): ScenarioFault[] {
  const path = [...prefix, ...(issue.path as (string | number)[])];
  if (isOutsideFamily(path, input, schema))
    return [unknownKey(path.slice(0, -1), String(path[path.length - 1]), input, schema)];
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey(path, key, input, schema));
    case "invalid_union":
      return faultsOfUnion(issue, path, input, schema);
    case "custom": {
      const params = (issue.params ?? {}) as { expected?: string; remedy?: string };
      return [{ path, code: "HR1203", got: issue.message, ...params }];
    }
    default: {
      const value = valueAt(input, path);
      if (issue.code === "invalid_value") return [oneOf(path, value, issue.values.map(String), false)];
      const code = value === undefined ? "HR1202" : "HR1203";
      const expected = expectation(issue);
      const remedy = expected === typeNames.number ? numberInstead(value) : undefined;
      return [{ path, code, got: describeValue(value), expected, ...(remedy === undefined ? {} : { remedy }) }];
    }
  }
}

/** The last key is none of its object's, nor of the family of keys that the object takes. */
function isOutsideFamily(path: readonly (string | number)[], input: unknown, schema: z.ZodType): boolean {
  const key = path[path.length - 1];
  return schemasAt(schema, path.slice(0, -1), input).some((one) => {
    const family = keyFamilies.get(one);
    return typeof key === "string" && family?.pattern.test(key) === false && definition(one).shape?.[key] === undefined;
  });
}

/** The remedy for a number that is written as a text. */
function numberInstead(value: unknown): string | undefined {
  const [, digits, percent] = /^\s*([-+]?\d+(?:\.\d+)?)\s*(%?)\s*$/.exec(String(value)) ?? [];
  if (typeof value !== "string" || digits === undefined) return undefined;
  return percent === "%" ? `Write ${Number(digits) / 100}` : "Leave the quotes out";
}

/**
 * Of a union, the alternative that the user most likely meant: the one of its kind, an object's
 * for objects, else the last.
 */
function faultsOfUnion(
  issue: Extract<Issue, { code: "invalid_union" }>,
  path: readonly (string | number)[],
  input: unknown,
  schema: z.ZodType,
): ScenarioFault[] {
  const value = valueAt(input, path);
  if (issue.errors.length === 0) return [unknownKind(path, value, input, schema)];
  const structured = value !== null && typeof value === "object";
  const closed = structured ? undefined : closedSet(issue.errors);
  if (closed !== undefined) return [oneOf(path, value, closed.values, closed.takesModules)];
  const right = issue.errors.filter((branch) => !branch.some(isWrongType));
  const ofKind = right.filter((branch) => !branch.some(isWrongKind));
  const ranked = ofKind.length > 0 ? ofKind : right;
  const list = Array.isArray(value);
  const profile = structured && Object.hasOwn(value, "profile") && !Object.hasOwn(value, "kind");
  const branch =
    ranked.length > 0
      ? ranked[structured && !list && !profile ? 0 : ranked.length - 1]
      : issue.errors[structured ? issue.errors.length - 1 : 0];
  return branch.flatMap((inner) => faultsOfIssue(inner, path, input, schema));
}

/** The key that distinguishes alternatives has a value that belongs to none of them. */
function unknownKind(
  path: readonly (string | number)[],
  value: unknown,
  input: unknown,
  schema: z.ZodType,
): ScenarioFault {
  const key = path[path.length - 1];
  const all = schemasAt(schema, path.slice(0, -1), withoutValueAt(input, path));
  const known = all.flatMap((one) => {
    const [name, literal] = discriminatorOf(one) ?? [];
    return name === key ? [String(literal)] : [];
  });
  const takesModules = all.some(
    (one) => definition(one).shape?.[key] !== undefined && discriminatorOf(one) === undefined,
  );
  return oneOf(path, value, known, takesModules);
}

/**
 * The values of an alternative that is a plain closed set, and whether the path of a module is
 * allowed.
 */
function closedSet(branches: readonly (readonly Issue[])[]) {
  const issues = branches.flatMap((branch) => (branch.length === 1 && branch[0].path.length === 0 ? branch : []));
  const values = issues.flatMap((one) => (one.code === "invalid_value" ? one.values.map(String) : []));
  return values.length === 0
    ? undefined
    : { values, takesModules: issues.some((one) => one.code === "invalid_format") };
}

function oneOf(
  path: readonly (string | number)[],
  value: unknown,
  known: readonly string[],
  takesModules: boolean,
): ScenarioFault {
  const meant = typeof value === "string" ? closest(value, known) : undefined;
  return {
    path,
    code: value === undefined ? "HR1202" : "HR1203",
    got: describeValue(value),
    expected: `one of ${known.join(", ")}${takesModules ? ", or the path of a module" : ""}`,
    ...(meant === undefined ? {} : { remedy: `Did you mean "${meant}"?` }),
  };
}

/**
 * An alternative of another kind: its literal, or the pattern of a module's path, does not match.
 */
function isWrongKind(issue: Issue): boolean {
  if (issue.path.length !== 1 || issue.path[0] !== "kind") return false;
  return issue.code === "invalid_union" || issue.code === "invalid_format" || issue.code === "invalid_value";
}

/** Not even the type fits: this branch was not meant. */
function isWrongType(issue: Issue): boolean {
  if (issue.path.length > 0) return false;
  if (issue.code === "invalid_union")
    return issue.errors.length > 0 && issue.errors.every((branch) => branch.some(isWrongType));
  return issue.code === "invalid_type";
}

function unknownKey(path: readonly (string | number)[], key: string, input: unknown, schema: z.ZodType): ScenarioFault {
  const at = { path: [...path, key], atKey: true, code: "HR1201" as const };
  const here = schemasAt(schema, path, input);
  for (const one of here) {
    const elsewhere = keysElsewhere.get(one)?.get(key);
    if (elsewhere !== undefined) return { ...at, got: `unknown key "${key}"`, remedy: elsewhere };
  }
  const known = knownKeys(schema, path, input);
  const [[name, kind] = []] = here.flatMap((one) => [discriminatorOf(one) ?? []]);
  if (name !== undefined && knownKeys(schema, path, withoutValueAt(input, [...path, name])).includes(key)) {
    const whose = name === "kind" ? `the kind ${kind}` : `a ${kind} ${name}`;
    return { ...at, got: `${key}, which ${whose} does not have`, remedy: `Known here: ${known.join(", ")}` };
  }
  const meant = closest(key, known);
  const remedy =
    meant !== undefined
      ? `Did you mean "${meant}"?`
      : known.length === 0
        ? "Remove it"
        : `Known here: ${known.join(", ")}`;
  return { ...at, got: `unknown key "${key}"`, remedy };
}

/** The input without a value at this path, so that no kind is given there. */
function withoutValueAt(input: unknown, path: readonly (string | number)[]): unknown {
  if (path.length === 0 || input === null || typeof input !== "object") return undefined;
  const [step, ...rest] = path;
  const inner = withoutValueAt((input as Record<string | number, unknown>)[step], rest);
  if (Array.isArray(input)) return input.map((entry, i) => (i === step ? inner : entry));
  return Object.fromEntries(Object.entries(input).map(([key, entry]) => [key, key === step ? inner : entry]));
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

/** What has a size other than its own value; "" for numbers. */
function sizedThing(origin: string): string {
  if (origin === "string") return "a text of ";
  return origin === "array" ? "a list of " : "";
}

function expectation(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return typeNames[issue.expected] ?? issue.expected;
    case "too_small":
      return `${sizedThing(issue.origin)}${issue.inclusive === false ? "more than" : "at least"} ${issue.minimum}`;
    case "too_big":
      return `${sizedThing(issue.origin)}${issue.inclusive === false ? "less than" : "at most"} ${issue.maximum}`;
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
