import type { RecordFormat } from "./record-format.js";
import { SERVER_DATE, ServerDates } from "./server-date.js";

/**
 * host ident user [time] "request" status bytes ["referer" "agent"]: Common and Combined logs (ms
 * in the time, too).
 */
const RECORD =
  String.raw`(\S+) (\S+) (\S+) \[(${SERVER_DATE})\] ` +
  String.raw`"((?:[^"\\]|\\.)*)" (\d{3}|-) (\d+|-)(?: "((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)")?`;
/** The whole line, perhaps behind vhost[:port] (vhost-combined). */
const LINE = new RegExp(`^(?:(\\S+) )?${RECORD}`);
/** The line after the prefix of a log shipper: syslog, docker compose, containerd. */
const BEHIND_PREFIX = new RegExp(`(?:^|[\\s|])()${RECORD}`);

/** Apache's and nginx's Common and Combined log formats. */
export class AccessLog implements RecordFormat {
  readonly name = "access-log";
  readonly fields = ["vhost", "host", "user", "request", "method", "path", "status", "bytes", "referer", "agent"];
  atMs = Number.NaN;
  private match: RegExpExecArray | undefined;
  private readonly dates = new ServerDates();

  get readAs(): string {
    return `${this.dates.readAs}, each line counted as one request`;
  }

  parse(line: string): boolean {
    const match = LINE.exec(line) ?? BEHIND_PREFIX.exec(line);
    if (match === null) return false;
    this.atMs = this.dates.read(match[5]);
    this.match = match;
    return !Number.isNaN(this.atMs);
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
