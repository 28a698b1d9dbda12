import { RE2JS, RE2JSException } from "re2js";
import { InputError } from "../../base/errors.js";

/** The label of a request that a rule does not match. */
const OTHER = "other";
/** Values whose labels are remembered: paths of a log repeat. */
const MAX_REMEMBERED = 10_000;

/**
 * Derives a region, format or segment from a field: `FIELD` takes it as it is, `FIELD/REGEX/` its
 * first group (or the whole match). Without a match the label is "other". Expressions run in RE2,
 * whose time is linear in the text, so none can hang an import.
 */
export class LabelRule {
  /** Records that had the field, and those that the expression matched. */
  found = 0;
  matched = 0;
  private readonly remembered = new Map<string, string>();

  constructor(
    private readonly option: string,
    readonly field: string,
    private readonly pattern: RE2JS | undefined,
  ) {}

  /** The label of a request by its field. */
  labelOf(value: string | undefined): string {
    if (value === undefined || value === "") return OTHER;
    this.found++;
    if (this.pattern === undefined) return value;
    let label = this.remembered.get(value);
    if (label === undefined) {
      const matcher = this.pattern.matcher(value);
      // The empty text marks that nothing matched.
      label = matcher.find()
        ? (matcher.groupCount() > 0 ? (matcher.group(1) ?? matcher.group()) : matcher.group()) || OTHER
        : "";
      if (this.remembered.size < MAX_REMEMBERED) this.remembered.set(value, label);
    }
    if (label === "") return OTHER;
    this.matched++;
    return label;
  }

  /**
   * Throws InputError if no record had the field, or none matched: the rule then has no effect.
   */
  checkUsed(fields: readonly string[]): void {
    if (this.found > 0 && (this.pattern === undefined || this.matched > 0)) return;
    const isKnown = fields.length === 0 || fields.includes(this.field);
    throw new InputError({
      code: "HR1410",
      where: this.option,
      got: this.found > 0 ? `an expression that matches no "${this.field}"` : `no record with a field "${this.field}"`,
      expected: isKnown ? "a rule that applies to some record" : `one of ${fields.join(", ")}`,
      remedy: "Mend the rule, or leave it out",
    });
  }
}

/** Reads a rule as written on the command line; an error names `option`. */
export function parseRule(option: string, text: string): LabelRule {
  const match = /^([^/]+?)(?:\/(.*)\/)?$/.exec(text.trim());
  if (match === null) {
    throw new InputError({
      code: "HR1410",
      where: option,
      got: `"${text}"`,
      expected: "FIELD or FIELD/REGEX/, for example path/^\\/(eu|us)\\//",
    });
  }
  return new LabelRule(option, match[1], match[2] === undefined ? undefined : compiledPattern(option, match[2]));
}

/** An expression that an option gives. Throws InputError where RE2 cannot read it. */
export function compiledPattern(option: string, pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    throw new InputError({
      code: "HR1410",
      where: option,
      got: `a regular expression that cannot be read (${error.message})`,
      expected: "a regular expression of RE2 (no look-around, no back-references)",
      remedy: "See https://github.com/google/re2/wiki/Syntax",
    });
  }
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
  const label = (rule: LabelRule | undefined): string => (rule === undefined ? "" : rule.labelOf(field(rule.field)));
  return { region: label(rules.region), format: label(rules.format), segment: label(rules.segment) };
}
