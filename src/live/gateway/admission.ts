import { createHash } from "node:crypto";
import type { Scenario } from "../../world/scenario/scenario.js";
import type { Admission } from "../live-run.js";
import type { Forward, Transport } from "../messages.js";
import type { OrderOutline } from "../pending-client.js";
import type { RequestHeader } from "./request-header.js";

export interface AdmissionRules {
  readonly scenario: Scenario;
  /** Addresses that streams may be forwarded to or fetched from, `host:port`; none unless given, since clients name them. */
  readonly upstreams: ReadonlySet<string>;
  /** A stream that brings more is ended; a body that announces more is refused. 0 = no bound. */
  readonly maxBytes: number;
  readonly idleTimeoutMs: number;
  /** Longest wait for a slot, in ms of the run's clock; a client may ask for less. */
  readonly patienceMs: number;
}

export interface Admitted {
  readonly admission: Admission;
  readonly outline: OrderOutline;
}

/** Why a request is not let in to the control plane, and the HTTP status that says so. */
export interface Refusal {
  readonly status: number;
  readonly reason: string;
}

const ANSWER = [
  "HTTP/1.1 200 OK",
  "Content-Type: application/octet-stream",
  "Transfer-Encoding: chunked",
  "Cache-Control: no-store",
  "Connection: close",
  "",
  "",
].join("\r\n");

/** Understands a request: which series it belongs to, how its bytes are wrapped, where they go. */
export function admit(header: RequestHeader, rules: AdmissionRules): Admitted | Refusal {
  const series = seriesOf(header, rules.scenario);
  if ("status" in series) return series;
  const forward = forwardOf(header, rules.upstreams);
  if ("status" in forward) return forward;
  const wrapping = header.protocol === "raw" ? rawWrapping : httpWrapping(header, forward, rules.maxBytes);
  if ("status" in wrapping) return wrapping;
  const attempt = Number(field(header, "attempt") ?? 0);
  if (!(Number.isInteger(attempt) && attempt >= 0 && attempt <= 1000)) return { status: 400, reason: "attempt" };
  const asked = Number(field(header, "patience") ?? rules.patienceMs);
  if (!(asked >= 0)) return { status: 400, reason: "patience" };
  const patienceMs = Math.min(asked, rules.patienceMs);
  const name = field(header, "stream");
  if (name !== undefined && !/^[!-~]{1,200}$/.test(name)) return { status: 400, reason: "stream" };
  const { maxBytes, idleTimeoutMs, scenario } = rules;
  const format = scenario.traffic.formats[series.format];
  return {
    admission: { ...series, attempt, patienceMs, ...(name === undefined ? {} : { source: sourceOf(name) }) },
    outline: { format, forward, ...wrapping, maxBytes, idleTimeoutMs },
  };
}

interface Wrapping {
  readonly transport: Transport;
  readonly reply: string;
  readonly bodyBytes: number;
}

const rawWrapping: Wrapping = {
  transport: "raw",
  reply: Buffer.from("HEADRACE/1 200 OK\n").toString("base64"),
  bodyBytes: 0,
};

function httpWrapping(
  header: RequestHeader & { protocol: "http" },
  forward: Forward,
  maxBytes: number,
): Wrapping | Refusal {
  const { method, path, fields } = header;
  if (path.split("?")[0] !== "/stream") return { status: 404, reason: "no-such-path" };
  if (fields.get("upgrade") !== undefined) return webSocketWrapping(header);
  const expects = fields.get("expect")?.toLowerCase();
  if (expects !== undefined && expects !== "100-continue") return { status: 417, reason: "expectation" };
  const reply = Buffer.from((expects === undefined ? "" : "HTTP/1.1 100 Continue\r\n\r\n") + ANSWER).toString("base64");
  if (method === "GET") {
    if (forward.to !== "client-from") return { status: 400, reason: "from-missing" };
    return { transport: "download", reply, bodyBytes: 0 };
  }
  if (method !== "POST" && method !== "PUT") return { status: 405, reason: "method" };
  if (forward.to === "client-from") return { status: 400, reason: "from-is-for-get" };
  const coding = fields.get("transfer-encoding")?.toLowerCase();
  if (coding !== undefined) {
    return coding === "chunked" ? { transport: "chunked", reply, bodyBytes: 0 } : { status: 501, reason: "coding" };
  }
  const length = fields.get("content-length");
  if (length === undefined) return { status: 411, reason: "length-required" };
  if (!/^\d{1,15}$/.test(length)) return { status: 400, reason: "content-length" };
  if (maxBytes > 0 && Number(length) > maxBytes) return { status: 413, reason: "too-large" };
  return { transport: "length", reply, bodyBytes: Number(length) };
}

/** The streamlet's library answers the handshake itself; it needs the key alone. */
function webSocketWrapping({ method, fields }: RequestHeader & { protocol: "http" }): Wrapping | Refusal {
  if (fields.get("upgrade")?.toLowerCase() !== "websocket") return { status: 501, reason: "upgrade" };
  const key = fields.get("sec-websocket-key") ?? "";
  const upgrades = (fields.get("connection") ?? "")
    .toLowerCase()
    .split(/\s*,\s*/)
    .includes("upgrade");
  if (method !== "GET" || !upgrades || !/^[+/0-9A-Za-z]{22}==$/.test(key)) return { status: 400, reason: "handshake" };
  if (fields.get("sec-websocket-version") !== "13") return { status: 426, reason: "websocket-version" };
  return { transport: "websocket", reply: Buffer.from(key).toString("base64"), bodyBytes: 0 };
}

function seriesOf(
  header: RequestHeader,
  scenario: Scenario,
): { series: number; region: number; format: number } | Refusal {
  const { regions, formats, series } = scenario.traffic;
  const region = indexOf(regions, field(header, "region"));
  if (region < 0) return { status: 400, reason: "unknown-region" };
  const format = indexOf(formats, field(header, "format"));
  if (format < 0) return { status: 415, reason: "unknown-format" };
  const segment = field(header, "segment");
  const found = series.findIndex(
    (one) => one.region === region && one.format === format && (segment === undefined || one.segment === segment),
  );
  if (found < 0) return { status: 400, reason: "unknown-segment" };
  return { series: found, region, format };
}

/** Left out is right where there is only one. */
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

/** 52 bits of a digest: names are the clients' own business, and the run log shall not tell them. */
function sourceOf(name: string): number {
  return Number.parseInt(createHash("sha256").update(name).digest("hex").slice(0, 13), 16);
}

function field({ protocol, fields }: RequestHeader, name: string): string | undefined {
  return fields.get(protocol === "raw" ? name : `x-headrace-${name}`);
}
