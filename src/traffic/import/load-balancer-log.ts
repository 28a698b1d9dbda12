import { parseInstant } from "../../base/calendar.js";
import type { RecordFormat } from "./record-format.js";

const NUMBER = String.raw`-?\d+(?:\.\d+)?|-`;
const QUOTED = String.raw`"((?:[^"\\]|\\.)*)"`;
/**
 * type (not in classic logs) time balancer client target, three times, two states, bytes received
 * and sent, "request" "agent", and more that is not needed.
 */
const LINE = new RegExp(
  String.raw`^(?:(https?|h2|grpcs?|wss?) )?` +
    String.raw`(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z) (\S+) (\S+) (\S+) ` +
    String.raw`(?:${NUMBER}) (?:${NUMBER}) (?:${NUMBER}) (\d{3}|-|0) (\d{3}|-|0) (\d+) (\d+) ` +
    String.raw`${QUOTED} ${QUOTED}`,
);

/** Access logs of AWS load balancers: Application Load Balancer, and classic ELB with HTTP. */
export class LoadBalancerLog implements RecordFormat {
  readonly name = "aws-load-balancer";
  readonly fields = ["type", "balancer", "client", "target", "status", "request", "method", "path", "host", "agent"];
  readonly readAs = "time of the response (UTC), each line counted as one request";
  atMs = Number.NaN;
  private match: RegExpExecArray | undefined;

  parse(line: string): boolean {
    const match = LINE.exec(line);
    if (match === null) return false;
    this.match = match;
    this.atMs = parseInstant(match[2]);
    return !Number.isNaN(this.atMs);
  }

  field(name: string): string | undefined {
    const { match } = this;
    if (match === undefined) return undefined;
    switch (name) {
      case "type":
        return match[1];
      case "balancer":
        return match[3];
      case "client":
        return match[4].replace(/:\d+$/, "");
      case "target":
        return match[5];
      case "status":
        return match[6];
      case "request":
        return match[10];
      case "method":
        return match[10].split(" ", 1)[0];
      case "host":
        return /:\/\/([^/:?#]+)/.exec(match[10])?.[1];
      case "path":
        return /:\/\/[^/?#]*([^?# ]*)/.exec(match[10])?.[1];
      case "agent":
        return match[11];
      default:
        return undefined;
    }
  }
}
