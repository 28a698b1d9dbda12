import { InputError } from "../../base/errors.js";

/** What a request is called that a rule does not match. */
const OTHER = "other";

/**
 * Derives a region, format or segment from a field: `FIELD` takes it as it is, `FIELD/REGEX/` its first group (or the whole match). What does not match is
 * "other".
 */
export interface LabelRule {
  readonly field: string;
  readonly pattern: RegExp | undefined;
}

/** Reads a rule as written on the command line; `option` is named when it is wrong. */
export function parseRule(option: string, text: string): LabelRule {
  const match = /^([^/]+?)(?:\/(.*)\/)?$/.exec(text.trim());
  if (match === null) {
    throw new InputError({
      where: option,
      got: `"${text}"`,
      expected: "FIELD or FIELD/REGEX/, for example path/^\\/(eu|us)\\//",
    });
  }
  try {
    return { field: match[1], pattern: match[2] === undefined ? undefined : new RegExp(match[2]) };
  } catch (error) {
    throw new InputError({
      where: option,
      got: `a regular expression that cannot be read (${error instanceof Error ? error.message : String(error)})`,
      expected: "a JavaScript regular expression",
    });
  }
}

/** The label of a request by its field. */
function labelOf(rule: LabelRule, value: string | undefined): string {
  if (value === undefined || value === "") return OTHER;
  if (rule.pattern === undefined) return value;
  const match = rule.pattern.exec(value);
  return match === null ? OTHER : (match[1] ?? match[0]);
}

export interface LabelRules {
  readonly region: LabelRule | undefined;
  readonly format: LabelRule | undefined;
  readonly segment: LabelRule | undefined;
}

/** The three labels of a record, in the order of a trace's columns; "" where there is no rule. */
export function labelsOf(
  rules: LabelRules,
  field: (name: string) => string | undefined,
): { region: string; format: string; segment: string } {
  const label = (rule: LabelRule | undefined): string => (rule === undefined ? "" : labelOf(rule, field(rule.field)));
  return { region: label(rules.region), format: label(rules.format), segment: label(rules.segment) };
}
