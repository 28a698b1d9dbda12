import { parseInstant } from "../../base/calendar.js";
import type { RecordFault, RecordFormat } from "./record-format.js";

const FIELDS = /^#Fields:\s*(.*)$/i;
/** Values without spaces, or in quotes. */
const VALUE = /"(?:[^"]|"")*"|\S+/g;

/** Is it the head of a W3C extended log? */
export function isW3cHead(text: string): boolean {
  return /^#Fields:/im.test(text);
}

/**
 * W3C extended logs, as IIS and CloudFront write them: a line `#Fields:` names the columns, and
 * may occur again with others. `date` and `time` are UTC (W3C working draft WD-logfile-960323).
 */
export class W3cLog implements RecordFormat {
  readonly name = "w3c-log";
  /** The columns are those of the file. */
  readonly fields: readonly string[] = [];
  readonly readAs = "time from date and time (UTC), each line counted as one request";
  atMs = Number.NaN;
  private columns: readonly string[] = [];
  private date = -1;
  private time = -1;
  private values: readonly string[] = [];

  startFile(): void {
    this.take([]);
  }

  isComment(line: string): boolean {
    if (!line.startsWith("#")) return false;
    const written = FIELDS.exec(line.trimEnd())?.[1];
    if (written !== undefined) this.take(written.trim().split(/\s+/));
    return true;
  }

  parse(line: string): boolean {
    if (this.date < 0 || this.time < 0) return false;
    this.values = line.match(VALUE) ?? [];
    if (this.values.length !== this.columns.length) return false;
    this.atMs = parseInstant(`${this.values[this.date]}T${this.values[this.time]}Z`);
    return !Number.isNaN(this.atMs);
  }

  get fault(): RecordFault {
    if (this.columns.length === 0)
      return {
        got: "no #Fields line before it",
        remedy: "Add the log's own #Fields line, or import it with --as csv",
      };
    if (this.date < 0 || this.time < 0)
      return {
        got: `the fields ${this.columns.slice(0, 8).join(" ")} without date and time`,
        remedy: "Turn both fields on in the server that writes the log",
      };
    return {
      got: `${this.values.length} values for ${this.columns.length} fields, or an invalid date`,
      remedy: "Is the #Fields line of another log? Take the rest with --lenient",
    };
  }

  field(name: string): string | undefined {
    const value = this.values[this.columns.indexOf(name)];
    return value === "-" ? undefined : value;
  }

  private take(columns: readonly string[]): void {
    this.columns = columns;
    this.date = columns.indexOf("date");
    this.time = columns.indexOf("time");
  }
}
