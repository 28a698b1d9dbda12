import type { RecordFault, RecordFormat } from "./record-format.js";
import type { TimestampReader } from "./timestamp.js";

/**
 * client:port [time] frontend backend/server timers status, in the formats `option httplog` and
 * `option tcplog` (HAProxy's configuration manual, "Log formats"), behind any prefix. TCP has fewer
 * timers and no status.
 */
const LINE = new RegExp(
  String.raw`(?:^|\s)(\S+):\d+ \[(\d{2}\/[A-Z][a-z]{2}\/\d{4}:\d{2}:\d{2}:\d{2}\.\d{3})\] ` +
    String.raw`(\S+) ([^\s/]+)\/(\S+) [+-]?\d+(?:\/[+-]?\d+){1,4} (?:(\d{3}|-1) )?\+?\d+ `,
);
/** The request in quotes; a long one is cut off before its last quote. */
const REQUEST = /^[^"]*"([^"]*)/;

/** HAProxy's logs. Its times have no offset: the zone is an option. */
export class HaproxyLog implements RecordFormat {
  readonly name = "haproxy";
  readonly fields = ["client", "frontend", "backend", "server", "status", "request", "method", "path"];
  readonly readAs = "time of the accepted connection, each line counted as one request";
  atMs = Number.NaN;
  private match: RegExpExecArray | undefined;
  private request: string | undefined;

  constructor(private readonly timestamps: TimestampReader) {}

  parse(line: string): boolean {
    const match = LINE.exec(line);
    this.match = match ?? undefined;
    if (match === null) return false;
    this.request = REQUEST.exec(line.slice(match.index + match[0].length))?.[1];
    this.atMs = this.timestamps.read(match[2]);
    return !Number.isNaN(this.atMs);
  }

  get fault(): RecordFault | undefined {
    if (this.match === undefined) return undefined;
    return { got: `the time "${this.match[2]}"`, remedy: this.timestamps.fault.remedy };
  }

  field(name: string): string | undefined {
    const { match } = this;
    if (match === undefined) return undefined;
    switch (name) {
      case "client":
        return match[1];
      case "frontend":
        // "~" marks a frontend whose connection was encrypted.
        return match[3].replace(/~$/, "");
      case "backend":
        return match[4];
      case "server":
        return match[5];
      case "status":
        return match[6];
      case "request":
        return this.request;
      case "method":
        return this.request?.split(" ", 1)[0];
      case "path":
        return this.request?.split(" ")[1];
      default:
        return undefined;
    }
  }
}

/** Is it a line of HAProxy, whatever its zone? */
export function isHaproxyLine(line: string): boolean {
  return LINE.test(line);
}
