import { daysFromCivil } from "../../base/calendar.js";
import type { RecordFormat } from "./record-format.js";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/**
 * host ident user [time] "request" status bytes ["referer" "agent"]: Common and Combined logs (ms
 * in the time, too).
 */
const RECORD =
  String.raw`(\S+) (\S+) (\S+) \[(\d{2}\/[A-Z][a-z]{2}\/\d{4}:\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})? [+-]\d{4})\] ` +
  String.raw`"((?:[^"\\]|\\.)*)" (\d{3}|-) (\d+|-)(?: "((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)")?`;
/** The whole line, perhaps behind vhost[:port] (vhost-combined). */
const LINE = new RegExp(`^(?:(\\S+) )?${RECORD}`);
/** Behind what a shipper puts in front: syslog, docker compose, containerd. */
const BEHIND_PREFIX = new RegExp(`(?:^|[\\s|])()${RECORD}`);

/** Apache's and nginx's Common and Combined log formats. */
export class AccessLog implements RecordFormat {
  readonly name = "access-log";
  readonly fields = ["vhost", "host", "user", "request", "method", "path", "status", "bytes", "referer", "agent"];
  atMs = Number.NaN;
  private match: RegExpExecArray | undefined;
  /** Lines of the same second follow each other: their instant is worked out once. */
  private lastText = "";
  private lastMs = Number.NaN;

  readonly readAs = "each line counted as one request";

  parse(line: string): boolean {
    const match = LINE.exec(line) ?? BEHIND_PREFIX.exec(line);
    if (match === null) return false;
    const text = match[5];
    if (text !== this.lastText) {
      this.lastText = text;
      this.lastMs = instantOf(text);
    }
    this.atMs = this.lastMs;
    this.match = match;
    return !Number.isNaN(this.lastMs);
  }

  field(name: string): string | undefined {
    const { match } = this;
    if (match === undefined) return undefined;
    switch (name) {
      case "vhost":
        return match[1] || undefined;
      case "host":
        return match[2];
      case "user":
        return match[4];
      case "request":
        return match[6];
      case "method":
        return match[6].split(" ", 1)[0];
      case "path":
        return match[6].split(" ")[1];
      case "status":
        return match[7];
      case "bytes":
        return match[8];
      case "referer":
        return match[9];
      case "agent":
        return match[10];
      default:
        return undefined;
    }
  }
}

/** "10/Oct/2000:13:55:36 -0700" → ms since 1970; NaN when it is no date. */
function instantOf(text: string): number {
  const month = MONTHS.indexOf(text.slice(3, 6)) + 1;
  const day = Number(text.slice(0, 2));
  const [hour, minute, second] = [12, 15, 18].map((at) => Number(text.slice(at, at + 2)));
  const offset = text.slice(text.lastIndexOf(" ") + 1);
  const fractionMs = text[20] === " " ? 0 : Number(`0.${text.slice(21, text.lastIndexOf(" "))}`) * 1000;
  if (month === 0 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) return Number.NaN;
  const offsetMinutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(3, 5));
  const sign = offset[0] === "-" ? 1 : -1;
  const days = daysFromCivil(Number(text.slice(7, 11)), month, day);
  return (((days * 24 + hour) * 60 + minute + sign * offsetMinutes) * 60 + second) * 1000 + fractionMs;
}
