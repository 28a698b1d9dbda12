import type { RecordFormat } from "./record-format.js";
import { SERVER_DATE, ServerDates } from "./server-date.js";

/**
 * owner bucket [time] address requester id operation key "request" status; a key has no spaces
 * (they are percent-encoded). What follows is not needed.
 */
const LINE = new RegExp(
  String.raw`^(\S+) (\S+) \[(${SERVER_DATE})\] (\S+) (\S+) (\S+) ([A-Z0-9_.]+) (\S+) ` +
    String.raw`(?:"((?:[^"\\]|\\.)*)"|-) (\d{3}|-) `,
);
/** S3's internal operations, and the parts of a batch, whose request has a line of its own. */
const NO_REQUEST = /^(?:S3|BATCH)\./;

/** Server access logs of Amazon S3. */
export class S3Log implements RecordFormat {
  readonly name = "aws-s3";
  readonly fields = ["bucket", "address", "requester", "operation", "key", "request", "method", "status"];
  atMs = Number.NaN;
  private match: RegExpExecArray | undefined;
  private readonly dates = new ServerDates();

  get readAs(): string {
    return `${this.dates.readAs}, each request counted once; lines of S3's own work (S3.*, BATCH.*) passed over`;
  }

  isComment(line: string): boolean {
    const operation = LINE.exec(line)?.[7];
    return operation !== undefined && NO_REQUEST.test(operation);
  }

  parse(line: string): boolean {
    const match = LINE.exec(line);
    if (match === null) return false;
    this.match = match;
    this.atMs = this.dates.read(match[3]);
    return !Number.isNaN(this.atMs);
  }

  field(name: string): string | undefined {
    const { match } = this;
    if (match === undefined) return undefined;
    switch (name) {
      case "bucket":
        return match[2];
      case "address":
        return match[4];
      case "requester":
        return match[5] === "-" ? undefined : match[5];
      case "operation":
        return match[7];
      case "key":
        return match[8];
      case "request":
        return match[9];
      case "method":
        return match[9]?.split(" ", 1)[0];
      case "status":
        return match[10];
      default:
        return undefined;
    }
  }
}
