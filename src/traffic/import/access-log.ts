import { daysFromCivil } from "../../base/calendar.js";
import type { RecordFormat } from "./record-format.js";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/** [vhost[:port]] host ident user [time] "request" status bytes ["referer" "agent"] …: Common, Combined and vhost-combined logs. */
const LINE =
  /^(?:(\S+) )?(\S+) (\S+) (\S+) \[(\d{2}\/[A-Z][a-z]{2}\/\d{4}:\d{2}:\d{2}:\d{2} [+-]\d{4})\] "((?:[^"\\]|\\.)*)" (\d{3}|-) (\d+|-)(?: "((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)")?/;

/** Apache's and nginx's Common and Combined log formats. */
export class AccessLog implements RecordFormat {
  readonly name = "access-log";
  readonly fields = ["vhost", "host", "user", "request", "method", "path", "status", "bytes", "referer", "agent"];
  atMs = Number.NaN;
  private match: RegExpExecArray | undefined;
  /** Lines of the same second follow each other: their instant is worked out once. */
  private lastText = "";
  private lastMs = Number.NaN;

  parse(line: string): boolean {
    const match = LINE.exec(line);
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
        return match[1];
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
  const [hour, minute, second] = [Number(text.slice(12, 14)), Number(text.slice(15, 17)), Number(text.slice(18, 20))];
  if (month === 0 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) return Number.NaN;
  const offsetMinutes = Number(text.slice(22, 24)) * 60 + Number(text.slice(24, 26));
  const sign = text[21] === "-" ? 1 : -1;
  const days = daysFromCivil(Number(text.slice(7, 11)), month, day);
  return (((days * 24 + hour) * 60 + minute + sign * offsetMinutes) * 60 + second) * 1000;
}
