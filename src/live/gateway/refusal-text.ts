import { STATUS_CODES } from "node:http";

/**
 * What an HTTP answer needs besides its status: the methods of a 405, and that the answer to HEAD
 * has no body (RFC 9110, 9.3.2).
 */
export interface RefusalDetail {
  readonly allow?: string | undefined;
  readonly withoutBody?: boolean;
}

/**
 * The answer to a request that is turned away, in the words of its protocol. Reasons are ours:
 * nothing of the client's is repeated.
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
