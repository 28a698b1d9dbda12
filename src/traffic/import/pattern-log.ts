import type { RE2JS } from "re2js";
import { InputError } from "../../base/errors.js";
import { compiledPattern } from "./label-rule.js";
import type { RecordFault, RecordFormat } from "./record-format.js";
import type { TimestampReader } from "./timestamp.js";

/** The name of the group with the time. */
const TIME_GROUP = "time";

/**
 * A log whose lines the user describes by a regular expression: the group `time` is the request's
 * time, every other named group is a field. RE2 takes time linear in the line.
 */
export class PatternLog implements RecordFormat {
  readonly name = "pattern";
  readonly fields: readonly string[];
  readonly readAs = "time from the group (?P<time>), each line that matches counted as one request";
  atMs = Number.NaN;
  private readonly pattern: RE2JS;
  private readonly groups: ReadonlyMap<string, number>;
  private values: readonly (string | null)[] = [];
  private isMatch = false;

  /** Throws InputError if `written` is no expression, or has no group `time`. */
  constructor(
    written: string,
    private readonly timestamps: TimestampReader,
  ) {
    this.pattern = compiledPattern("--pattern", written);
    this.groups = new Map(Object.entries(this.pattern.namedGroups()));
    this.fields = [...this.groups.keys()].filter((name) => name !== TIME_GROUP);
    if (this.groups.has(TIME_GROUP)) return;
    throw new InputError({
      code: "HR1410",
      where: "--pattern",
      got: "a regular expression without a group for the time",
      expected: "(?P<time>…) around the time",
      remedy: String.raw`For example --pattern '^\[(?P<time>[^\]]+)\] "(?P<method>\S+) (?P<path>\S+)'`,
    });
  }

  startFile(): void {
    this.timestamps.startFile();
  }

  parse(line: string): boolean {
    const matcher = this.pattern.matcher(line);
    this.isMatch = matcher.find();
    if (!this.isMatch) return false;
    this.values = Array.from({ length: matcher.groupCount() + 1 }, (_, index) => matcher.group(index));
    const written = this.field(TIME_GROUP);
    this.atMs = written === undefined ? Number.NaN : this.timestamps.read(written);
    return !Number.isNaN(this.atMs);
  }

  get fault(): RecordFault {
    if (!this.isMatch) return { got: "no match", remedy: "Change --pattern, or take the rest with --lenient" };
    const written = this.field(TIME_GROUP);
    return written === undefined
      ? { got: "a match without a time", remedy: "Make the group (?P<time>…) part of each match" }
      : { got: `the time "${written.slice(0, 40)}"`, remedy: this.timestamps.fault.remedy };
  }

  field(name: string): string | undefined {
    const index = this.groups.get(name);
    return index === undefined ? undefined : (this.values[index] ?? undefined);
  }
}
