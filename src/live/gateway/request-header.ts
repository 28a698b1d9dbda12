// What a client says before its bytes: an HTTP/1.1 header (RFC 9112), or one line for raw TCP:
//   HEADRACE/1 region=eu format=mpegts segment=free token=… forward=nowhere\n
// Parsed by hand and strictly, since the socket is handed on with exactly the bytes that follow: no library gives those back.

export const MAX_HEADER_BYTES = 16_384;
const MAX_RAW_LINE_BYTES = 1024;
const MAX_HEADER_LINES = 100;
const RAW_PREFIX = "HEADRACE/1 ";
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** Visible ASCII and blanks; no control character, so that nothing can be smuggled into an answer or a log. */
const VALUE = /^[\t\x20-\x7e]*$/;
/** Said twice, these could mean two things to two readers. */
const ONCE = new Set(["host", "content-length", "transfer-encoding", "authorization", "upgrade", "sec-websocket-key"]);

export type RequestHeader =
  | {
      readonly protocol: "http";
      readonly method: string;
      readonly path: string;
      readonly fields: ReadonlyMap<string, string>;
    }
  | { readonly protocol: "raw"; readonly fields: ReadonlyMap<string, string> };

/** A header that is no such thing: the status that says so. */
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

  push(chunk: Uint8Array): Parsed {
    this.bytes = Buffer.concat([this.bytes, chunk]);
    const start = this.bytes.subarray(0, RAW_PREFIX.length).toString("latin1");
    if (RAW_PREFIX.startsWith(start) && start.length < RAW_PREFIX.length) return { state: "more" };
    return start === RAW_PREFIX ? this.raw() : this.http();
  }

  private raw(): Parsed {
    const end = this.bytes.indexOf(10);
    if (end > MAX_RAW_LINE_BYTES || (end < 0 && this.bytes.length > MAX_RAW_LINE_BYTES))
      return { state: "fault", protocol: "raw", status: 431, reason: "header-too-large" };
    if (end < 0) return { state: "more" };
    const line = this.bytes.subarray(RAW_PREFIX.length, end).toString("latin1").replace(/\r$/, "");
    const fields = new Map<string, string>();
    for (const word of line.split(" ")) {
      const [, name, value] = /^([a-z]+)=([!-~]+)$/.exec(word) ?? [];
      if (name === undefined || fields.has(name)) return fault("raw", "malformed-header");
      fields.set(name, value);
    }
    return { state: "header", header: { protocol: "raw", fields }, rest: this.bytes.subarray(end + 1) };
  }

  private http(): Parsed {
    const end = this.bytes.indexOf("\r\n\r\n");
    if (end > MAX_HEADER_BYTES || (end < 0 && this.bytes.length > MAX_HEADER_BYTES))
      return { state: "fault", protocol: "http", status: 431, reason: "header-too-large" };
    if (end < 0) return this.bytes.includes("\n\n") ? fault("http", "malformed-header") : { state: "more" };
    const lines = this.bytes.subarray(0, end).toString("latin1").split("\r\n");
    const rest = this.bytes.subarray(end + 4);
    return httpHeader(lines, rest);
  }
}

function httpHeader(lines: readonly string[], rest: Uint8Array): Parsed {
  const [, method, path, version] = /^([A-Z]{1,16}) (\/[!-~]*) HTTP\/(\d\.\d)$/.exec(lines[0]) ?? [];
  if (method === undefined) return fault("http", "malformed-request-line");
  if (version !== "1.1" && version !== "1.0")
    return { state: "fault", protocol: "http", status: 505, reason: "http-version" };
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
      return fault("http", "header-said-twice");
    fields.set(key, before === undefined ? value : `${before}, ${value}`);
  }
  if (version === "1.1" && !fields.has("host")) return fault("http", "no-host");
  if (fields.has("content-length") && fields.has("transfer-encoding")) return fault("http", "two-lengths");
  return { state: "header", header: { protocol: "http", method, path, fields }, rest };
}

function fault(protocol: "http" | "raw", reason: string): Parsed {
  return { state: "fault", protocol, status: 400, reason };
}
