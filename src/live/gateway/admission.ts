import { createHash } from "node:crypto";
import { statusOf } from "../../ports/reasons.js";
import type { Scenario } from "../../world/scenario/scenario.js";
import type { Admission } from "../run/live-run.js";
import type { OrderOutline } from "../run/pending-client.js";
import type { Forward, StreamOrder } from "../wire/stream-order.js";
import type { RequestHeader } from "./request-header.js";

export interface AdmissionRules {
  readonly scenario: Scenario;
  /**
   * Addresses that streams may be forwarded to or fetched from, `host:port`. Clients name
   * addresses, so only listed ones are allowed.
   */
  readonly upstreams: ReadonlySet<string>;
  /**
   * A longer stream is ended; a request that announces a longer body is refused. 0 = no bound.
   */
  readonly maxBytes: number;
  readonly idleTimeoutMs: number;
  /** Longest wait for a slot, in ms of the run's clock; a client may ask for less. */
  readonly patienceMs: number;
}

export interface Admitted {
  readonly admission: Admission;
  readonly outline: OrderOutline;
}

/** Why a request does not reach the control plane, and its HTTP status. */
export interface Refusal {
  readonly status: number;
  readonly reason: string;
}

const CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";
const RAW_ANSWER = "HEADRACE/1 200 OK\n";
const RAW_CONTINUE = "HEADRACE/1 100 Continue\n";
/**
 * A token (RFC 9110, 5.6.2) that the C streamlet has room for: MAX_SUBPROTOCOL of
 * native/websocket.h.
 */
const SUBPROTOCOL = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,64}$/;

/** The head of the answer; `body`: how its end is marked. */
function answerHead(body: "chunked" | "until-close" | "empty"): string {
  const framing = { chunked: ["Transfer-Encoding: chunked"], "until-close": [], empty: ["Content-Length: 0"] }[body];
  const type = body === "empty" ? [] : ["Content-Type: application/octet-stream"];
  const lines = ["HTTP/1.1 200 OK", ...type, ...framing, "Cache-Control: no-store", "Connection: close"];
  return `${lines.join("\r\n")}\r\n\r\n`;
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

/** Interprets a request: its series, the transport of its bytes, and where they go. */
export function admit(given: RequestHeader, rules: AdmissionRules): Admitted | Refusal {
  const header = withQuery(given);
  if ("status" in header) return header;
  const series = seriesOf(header, rules.scenario);
  if ("status" in series) return series;
  const forward = forwardOf(header, rules.upstreams);
  if ("status" in forward) return forward;
  const wrapping =
    header.protocol === "raw" ? rawWrapping(header, forward) : httpWrapping(header, forward, rules.maxBytes);
  if ("status" in wrapping) return wrapping;
  const attempt = Number(field(header, "attempt") ?? 0);
  if (!(Number.isInteger(attempt) && attempt >= 0 && attempt <= 1000)) return { status: 400, reason: "attempt" };
  const asked = Number(field(header, "patience") ?? rules.patienceMs);
  if (!(asked >= 0)) return { status: 400, reason: "patience" };
  const patienceMs = Math.min(asked, rules.patienceMs);
  const name = field(header, "stream");
  if (name !== undefined && !/^[^\s\p{C}]{1,200}$/u.test(name)) return { status: 400, reason: "stream" };
  const { maxBytes, idleTimeoutMs, scenario } = rules;
  const format = scenario.traffic.formats[series.format];
  return {
    admission: { ...series, attempt, patienceMs, ...(name === undefined ? {} : { source: sourceOf(name) }) },
    outline: { format, forward, ...wrapping, maxBytes, idleTimeoutMs },
  };
}

type Wrapping = Pick<StreamOrder, "transport" | "reply" | "bodyBytes" | "finalReply" | "answerCoding" | "subprotocol">;

/** True if only the client sends: the answer follows its last byte, and has no body. */
function sendsOnly({ to }: Forward): boolean {
  return to === "nowhere" || to === "upstream";
}

function rawWrapping(header: RequestHeader, forward: Forward): Wrapping | Refusal {
  const expects = field(header, "expect");
  if (expects !== undefined && expects !== "100-continue") return { status: 417, reason: "expectation" };
  const early = expects === undefined ? "" : RAW_CONTINUE;
  const answer = sendsOnly(forward)
    ? { reply: base64(early), finalReply: base64(RAW_ANSWER) }
    : { reply: base64(early + RAW_ANSWER) };
  return { transport: "raw", bodyBytes: 0, ...answer };
}

type HttpHeader = RequestHeader & { protocol: "http" };

function httpWrapping(header: HttpHeader, forward: Forward, maxBytes: number): Wrapping | Refusal {
  const { method, fields } = header;
  if (offersWebSocket(header)) return webSocketWrapping(header, field(header, "format"));
  const answer = httpAnswer(header, forward);
  if ("status" in answer) return answer;
  if (method === "GET") {
    if (forward.to !== "client-from") return { status: 400, reason: "from-missing" };
    return { transport: "download", ...answer, bodyBytes: 0 };
  }
  if (forward.to === "client-from") return { status: 400, reason: "from-is-for-get" };
  const coding = fields.get("transfer-encoding")?.toLowerCase();
  // RFC 9112, 6.1: a transfer coding in an HTTP/1.0 request is a fault of framing.
  if (coding !== undefined && header.version === "1.0") return { status: 400, reason: "coding" };
  if (coding !== undefined) {
    return coding === "chunked" ? { transport: "chunked", ...answer, bodyBytes: 0 } : { status: 501, reason: "coding" };
  }
  const length = fields.get("content-length");
  if (length === undefined) return { status: 411, reason: "length-required" };
  if (!/^\d{1,15}$/.test(length)) return { status: 400, reason: "content-length" };
  if (maxBytes > 0 && Number(length) > maxBytes) return { status: 413, reason: "too-large" };
  return { transport: "length", ...answer, bodyBytes: Number(length) };
}

/** HTTP/1.0 gets no chunks and no 100 (RFC 9112, 6.1; RFC 9110, 10.1.1). */
function httpAnswer(
  { version, fields }: HttpHeader,
  forward: Forward,
): Pick<Wrapping, "reply" | "finalReply" | "answerCoding"> | Refusal {
  const isOld = version === "1.0";
  const expects = isOld ? undefined : fields.get("expect")?.toLowerCase();
  if (expects !== undefined && expects !== "100-continue") return { status: 417, reason: "expectation" };
  const early = expects === undefined ? "" : CONTINUE;
  if (sendsOnly(forward)) return { reply: base64(early), finalReply: base64(answerHead("empty")) };
  if (isOld) return { reply: base64(answerHead("until-close")), answerCoding: "none" };
  return { reply: base64(early + answerHead("chunked")) };
}

/** Any other offer, or an invalid one, is ignored (RFC 9110, 7.8): an offer requires nothing. */
function offersWebSocket({ method, version, fields }: HttpHeader): boolean {
  const connection = listOf(fields.get("connection")).map((word) => word.toLowerCase());
  const offers = listOf(fields.get("upgrade")).map((word) => word.toLowerCase());
  return method === "GET" && version !== "1.0" && connection.includes("upgrade") && offers.includes("websocket");
}

/**
 * The streamlet answers the handshake itself, from the key. Of the subprotocols offered (RFC
 * 6455, 4.2.2) the one that names the format is chosen, else the first: a browser closes the
 * connection if none of its offers is chosen.
 */
function webSocketWrapping({ fields }: HttpHeader, format: string | undefined): Wrapping | Refusal {
  const key = fields.get("sec-websocket-key") ?? "";
  if (!/^[+/0-9A-Za-z]{22}==$/.test(key)) return { status: 400, reason: "handshake" };
  if (fields.get("sec-websocket-version") !== "13") return { status: 426, reason: "websocket-version" };
  const offered = listOf(fields.get("sec-websocket-protocol"));
  if (!offered.every((name) => SUBPROTOCOL.test(name))) return { status: 400, reason: "subprotocol" };
  const [subprotocol] = offered.filter((name) => name === format).concat(offered);
  const chosen = subprotocol === undefined ? {} : { subprotocol };
  return { transport: "websocket", reply: base64(key), bodyBytes: 0, ...chosen };
}

function listOf(value: string | undefined): string[] {
  return (value ?? "").split(",").flatMap((word) => (word.trim() === "" ? [] : [word.trim()]));
}

function seriesOf(
  header: RequestHeader,
  scenario: Scenario,
): { series: number; region: number; format: number } | Refusal {
  const { regions, formats, series } = scenario.traffic;
  const region = indexOf(regions, field(header, "region"));
  if (region < 0) return { status: statusOf("unknown-region"), reason: "unknown-region" };
  const format = indexOf(formats, field(header, "format"));
  if (format < 0) return { status: statusOf("unknown-format"), reason: "unknown-format" };
  const segment = field(header, "segment");
  const found = series.findIndex(
    (one) => one.region === region && one.format === format && (segment === undefined || one.segment === segment),
  );
  if (found < 0) return { status: 400, reason: "unknown-segment" };
  return { series: found, region, format };
}

/** Leaving it out is right only if there is a single one. */
function indexOf(names: readonly string[], name: string | undefined): number {
  if (name === undefined) return names.length === 1 ? 0 : -1;
  return names.indexOf(name);
}

function forwardOf(header: RequestHeader, upstreams: ReadonlySet<string>): Forward | Refusal {
  const to = field(header, "forward") ?? "client";
  const from = field(header, "from");
  const address = from ?? to;
  if (from === undefined && (to === "client" || to === "nowhere")) return { to };
  const [, host, port] = /^\[?([0-9A-Za-z.:-]{1,255}?)\]?:(\d{1,5})$/.exec(address) ?? [];
  if (host === undefined) return { status: 400, reason: "address" };
  if (!upstreams.has(address)) return { status: 403, reason: "upstream-not-allowed" };
  return { to: from === undefined ? "upstream" : "client-from", host, port: Number(port) };
}

/** 52 bits of a digest: the run log must not contain the names that clients choose. */
function sourceOf(name: string): number {
  return Number.parseInt(createHash("sha256").update(name).digest("hex").slice(0, 13), 16);
}

/** Query parameters that stand for the fields X-Headrace-…. A token is not accepted here. */
const QUERY_NAMES: ReadonlySet<string> = new Set([
  "region",
  "format",
  "segment",
  "forward",
  "from",
  "attempt",
  "patience",
  "stream",
]);

/**
 * For senders that cannot set header fields (GStreamer's HTTP sinks). A parameter that is
 * unknown, repeated, or given as a field as well is refused.
 */
function withQuery(header: RequestHeader): RequestHeader | Refusal {
  if (header.protocol === "raw" || header.query === "") return header;
  const fields = new Map(header.fields);
  for (const [name, value] of new URLSearchParams(header.query)) {
    const key = `x-headrace-${name}`;
    if (!QUERY_NAMES.has(name)) return { status: 400, reason: "unknown-query" };
    if (fields.has(key) || /\p{C}/u.test(value)) return { status: 400, reason: "query" };
    fields.set(key, value);
  }
  return { ...header, fields };
}

function field({ protocol, fields }: RequestHeader, name: string): string | undefined {
  return fields.get(protocol === "raw" ? name : `x-headrace-${name}`);
}
