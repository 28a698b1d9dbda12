import { STATUS_CODES } from "node:http";
import type { EndDetail } from "./stream-report.js";

/**
 * Parts of an HTTP answer besides its status: the methods of a 405, and that the answer to HEAD
 * has no body (RFC 9110, 9.3.2).
 */
export interface RefusalDetail {
  readonly allow?: string | undefined;
  readonly withoutBody?: boolean;
}

/**
 * The status for a stream that ended like this before its client was answered (RFC 9110, 15.5 and
 * 15.6). The C streamlet has the same table (native/answer.c).
 */
const failureStatus: ReadonlyMap<EndDetail, number> = new Map([
  ["malformed", 400],
  ["idle", 408],
  ["too-large", 413],
  ["upstream-failed", 502],
]);

/** The answer to such a client; undefined if the end has no status. */
export function failureText(protocol: "http" | "raw", detail: EndDetail): string | undefined {
  const status = failureStatus.get(detail);
  return status === undefined ? undefined : refusalText(protocol, status, detail, 0);
}

/**
 * The answer to a refused request, in its protocol. The reasons are ours: nothing of the client's
 * is repeated.
 */
export function refusalText(
  protocol: "http" | "raw",
  status: number,
  reason: string,
  retryAfterSeconds: number,
  { allow, withoutBody = false }: RefusalDetail = {},
): string {
  const retry = status === 503 ? retryAfterSeconds : undefined;
  if (protocol === "raw")
    return `HEADRACE/1 ${status} ${reason}${retry === undefined ? "" : ` retry-after=${retry}`}\n`;
  const body = `${JSON.stringify({ error: reason })}\n`;
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "Refused"}`,
    "Content-Type: application/json",
    `Content-Length: ${body.length}`,
    ...(retry === undefined ? [] : [`Retry-After: ${retry}`]),
    ...(allow === undefined ? [] : [`Allow: ${allow}`]),
    ...(status === 401 ? ["WWW-Authenticate: Bearer"] : []),
    ...(status === 426 ? ["Sec-WebSocket-Version: 13", "Upgrade: websocket"] : []),
    "Connection: close",
    "",
    withoutBody ? "" : body,
  ].join("\r\n");
}
