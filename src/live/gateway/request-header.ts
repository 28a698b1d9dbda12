// The bytes that a client sends before its stream: an HTTP/1.1 header (RFC 9112), or one line for
// raw TCP:
//   HEADRACE/1 region=eu format=mpegts segment=free token=… forward=nowhere\n
// Parsed by hand and strictly: the socket is handed on with exactly the bytes that follow, and no
// library returns those.

export const MAX_HEADER_BYTES = 16_384;
const MAX_RAW_LINE_BYTES = 1024;
const MAX_HEADER_LINES = 100;
const RAW_PREFIX = "HEADRACE/1 ";
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/**
 * Visible characters and blanks, UTF-8 too; no control character, so that nothing can be smuggled
 * into an answer or a log.
 */
const VALUE = /^[\t\x20-\x7e\u00a0-\u{10ffff}]*$/u;
/**
 * The request-target's forms (RFC 9112, 3.2): a path, a whole URL, or the asterisk of OPTIONS.
 * CONNECT's is not served.
 */
const REQUEST_LINE = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]{1,32}) ([!-~]+) HTTP\/(\d)\.(\d)$/;
const PATH_AND_QUERY = /^([^?]*)\??(.*)$/;
const ABSOLUTE = /^https?:\/\/([^/?#@]+)([/?].*)?$/i;
/** Fields that are refused when they appear twice: two readers could take two values. */
const ONCE = new Set(["host", "content-length", "transfer-encoding", "authorization", "sec-websocket-key"]);

export type RequestHeader =
  | {
      readonly protocol: "http";
      readonly method: string;
      /** Without the query; "*" is for OPTIONS alone. */
      readonly path: string;
      /** What follows the first question mark; empty where there is none. */
      readonly query: string;
      /** A later 1.x counts as 1.1 (RFC 9110, 2.5). */
      readonly version: "1.0" | "1.1";
      readonly fields: ReadonlyMap<string, string>;
    }
  | { readonly protocol: "raw"; readonly fields: ReadonlyMap<string, string> };

/** A header that breaks the rules, and the status of the answer. */
interface HeaderFault {
  readonly status: 400 | 431 | 505;
  readonly reason: string;
}

export type Parsed =
  | { readonly state: "more" }
  | { readonly state: "header"; readonly header: RequestHeader; readonly rest: Uint8Array }
  | ({ readonly state: "fault"; readonly protocol: "http" | "raw" } & HeaderFault);

/** Collects bytes until the header is whole; its memory is bounded by MAX_HEADER_BYTES. */
export class HeaderParser {
  private bytes = Buffer.alloc(0);
  private begun = false;

  push(chunk: Uint8Array): Parsed {
    this.bytes = Buffer.concat([this.bytes, chunk]);
    if (!this.skipEmptyLine()) return { state: "more" };
    const start = this.bytes.subarray(0, RAW_PREFIX.length).toString("latin1");
    if (RAW_PREFIX.startsWith(start) && start.length < RAW_PREFIX.length) return { state: "more" };
    return start === RAW_PREFIX ? this.raw() : this.http();
  }

  /**
   * RFC 9112, 2.2: one empty line before the request line is skipped. False if it is incomplete.
   */
  private skipEmptyLine(): boolean {
    if (this.begun || this.bytes.length === 0) return this.bytes.length > 0;
    if (this.bytes.length === 1 && this.bytes[0] === CR) return false;
    this.begun = true;
    if (this.bytes[0] === CR && this.bytes[1] === LF) this.bytes = this.bytes.subarray(2);
    return this.bytes.length > 0;
  }

  private raw(): Parsed {
    const end = this.bytes.indexOf(10);
    if (end > MAX_RAW_LINE_BYTES || (end < 0 && this.bytes.length > MAX_RAW_LINE_BYTES))
      return { state: "fault", protocol: "raw", status: 431, reason: "header-too-large" };
    if (end < 0) return { state: "more" };
    const line = this.bytes.subarray(RAW_PREFIX.length, end).toString("utf8").replace(/\r$/, "");
    const fields = new Map<string, string>();
    for (const word of line.split(" ")) {
      const [, name, value] = /^([a-z]+)=([^\s\p{C}]+)$/u.exec(word) ?? [];
      if (name === undefined || fields.has(name)) return fault("raw", "malformed-header");
      fields.set(name, value);
    }
    return { state: "header", header: { protocol: "raw", fields }, rest: this.bytes.subarray(end + 1) };
  }

  /**
   * Refuses at once bytes that cannot become a header (TLS, RTMP, HTTP/2, a line that is no
   * request), without waiting for more.
   */
  private looksWrong(): Parsed | undefined {
    const end = this.bytes.indexOf(LF);
    if (end < 0)
      return TOKEN.test(String.fromCharCode(this.bytes[0])) ? undefined : fault("http", "malformed-request-line");
    const line = requestLine(this.bytes.toString("latin1", 0, end).replace(/\r$/, ""));
    if ("status" in line) return { state: "fault", protocol: "http", ...line };
    return this.bytes.includes("\n\n") ? fault("http", "malformed-header") : undefined;
  }

  private http(): Parsed {
    const end = this.bytes.indexOf("\r\n\r\n");
    if (end > MAX_HEADER_BYTES || (end < 0 && this.bytes.length > MAX_HEADER_BYTES))
      return { state: "fault", protocol: "http", status: 431, reason: "header-too-large" };
    if (end < 0) return this.looksWrong() ?? { state: "more" };
    const lines = this.bytes.subarray(0, end).toString("utf8").split("\r\n");
    const rest = this.bytes.subarray(end + 4);
    return httpHeader(lines, rest);
  }
}

const CR = 13;
const LF = 10;

/** The parts of a request line, or the fault in it. */
function requestLine(line: string): { method: string; target: string; version: "1.0" | "1.1" } | HeaderFault {
  const [, method, target, major, minor] = REQUEST_LINE.exec(line) ?? [];
  if (method === undefined) return { status: 400, reason: "malformed-request-line" };
  if (major !== "1") return { status: 505, reason: "http-version" };
  return { method, target, version: minor === "0" ? "1.0" : "1.1" };
}

function httpHeader(lines: readonly string[], rest: Uint8Array): Parsed {
  const first = requestLine(lines[0]);
  if ("status" in first) return { state: "fault", protocol: "http", ...first };
  const { method, target, version } = first;
  const [, authority, absolutePath = "/"] = ABSOLUTE.exec(target) ?? [];
  const [, path, query] =
    PATH_AND_QUERY.exec(authority === undefined ? target : absolutePath.replace(/^\?/, "/?")) ?? [];
  if (!path.startsWith("/") && !(path === "*" && method === "OPTIONS")) return fault("http", "malformed-request-line");
  if (lines.length - 1 > MAX_HEADER_LINES)
    return { state: "fault", protocol: "http", status: 431, reason: "too-many-header-lines" };
  const fields = new Map<string, string>();
  for (const line of lines.slice(1)) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon);
    const value = line.slice(colon + 1).trim();
    if (colon < 1 || !TOKEN.test(name) || !VALUE.test(line)) return fault("http", "malformed-header");
    const key = name.toLowerCase();
    const before = fields.get(key);
    if (before !== undefined && (ONCE.has(key) || key.startsWith("x-headrace-")))
      return fault("http", "header-repeated");
    fields.set(key, before === undefined ? value : `${before}, ${value}`);
  }
  if (version === "1.1" && !fields.has("host")) return fault("http", "no-host");
  if (fields.has("content-length") && fields.has("transfer-encoding")) return fault("http", "two-lengths");
  // RFC 9112, 3.2.2: the host of a whole URL replaces the field.
  if (authority !== undefined) fields.set("host", authority);
  return { state: "header", header: { protocol: "http", method, path, query, version, fields }, rest };
}

function fault(protocol: "http" | "raw", reason: string): Parsed {
  return { state: "fault", protocol, status: 400, reason };
}
