import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Isolation } from "../machine/isolation.js";
import { refusalOf } from "../wire/bearer-token.js";
import { foreignPage } from "../wire/foreign-page.js";
import type { OperatorRequest } from "../wire/messages.js";
import { OPEN_PATHS } from "../wire/open-paths.js";
import type { ProcessClass } from "../wire/process-class.js";
import { openApi } from "./openapi.js";
import type { ProcessHost } from "./process-host.js";
import type { ProcessView } from "./process-view.js";

/** Longest body of a request. */
const MAX_BODY_BYTES = 4096;
/** A connection without a whole request by then is closed. */
const REQUEST_TIMEOUT_MS = 5000;
const MAX_CONNECTIONS = 100;

export interface ManagerApiParts {
  readonly host: ProcessHost;
  readonly classes: readonly ProcessClass[];
  readonly enforced: Readonly<Record<string, string>>;
  readonly isolations: readonly Isolation[];
  readonly token: string | undefined;
  /** Where there is no `token`: calls that change something need this one. */
  readonly changeToken: string | undefined;
  /** The configured listening address: a request whose Host names it is not foreign. */
  readonly address: string;
  /** Whether the pools have room, by the gateway's last message. */
  room(): "unknown" | "some" | "none";
  /** To the control plane, which decides. */
  ask(request: OperatorRequest): void;
  /** To the gateway: an operator asks for another manager process. */
  restart(): void;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** The methods of this path, where another one was used. */
  readonly allow?: string;
}

/**
 * The manager's HTTP API. It shows the state and passes requests on, but makes no change itself.
 */
export function createManagerApi(parts: ManagerApiParts): Server {
  const server = createServer((request, response) => {
    void answer(parts, request).then(
      (found) => send(response, found, request.method === "HEAD"),
      () => send(response, { status: 500, body: { error: "a fault of ours" } }, false),
    );
  });
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.headersTimeout = REQUEST_TIMEOUT_MS;
  server.maxConnections = MAX_CONNECTIONS;
  return server;
}

/** Methods of each path; `{id}` stands for a number. */
const METHODS: ReadonlyMap<string, readonly string[]> = new Map([
  ["/health", ["GET"]],
  ["/ready", ["GET"]],
  ["/openapi.json", ["GET"]],
  ["/pools", ["GET"]],
  ["/streamlets", ["GET", "POST"]],
  ["/restart", ["POST"]],
  ["/streamlets/{id}", ["GET", "DELETE"]],
  ["/streamlets/{id}/drain", ["POST"]],
]);

async function answer(parts: ManagerApiParts, request: IncomingMessage): Promise<Answer> {
  const { method = "GET" } = request;
  const path = pathOf(request.url ?? "/");
  const [, id] = /^\/streamlets\/(\d{1,16})(?:\/|$)/.exec(path) ?? [];
  const route = id === undefined ? path : path.replace(id, "{id}");
  const methods = METHODS.get(route);
  const refused = OPEN_PATHS.has(route) ? undefined : refusal(parts, request);
  if (refused !== undefined) return refused;
  if (method === "OPTIONS" && path === "*")
    return { status: 204, body: undefined, allow: "GET, HEAD, POST, DELETE, OPTIONS" };
  if (methods === undefined) return { status: 404, body: { error: "no such path" } };
  const allow = [...methods, ...(methods.includes("GET") ? ["HEAD"] : []), "OPTIONS"].join(", ");
  if (method === "OPTIONS") return { status: 204, body: undefined, allow };
  const asked = method === "HEAD" && methods.includes("GET") ? "GET" : method;
  if (!methods.includes(asked)) return { status: 405, body: { error: "this method is not for this path" }, allow };
  if (id !== undefined) return streamlet(parts, Number(id), route, asked);
  return asked === "GET" ? page(parts, route) : change(parts, route, request);
}

/** Without the query; of a whole URL (RFC 9112, 3.2.2) the path. */
function pathOf(target: string): string {
  const [, absolute] = /^https?:\/\/[^/?#]+([/?].*)?$/i.exec(target) ?? [target, target];
  return (absolute ?? "/").split("?")[0] || "/";
}

/**
 * Why a request is refused: no token, no token for a change, or a foreign web page (which may not
 * read, even where reading needs no token).
 */
function refusal({ token, changeToken, address }: ManagerApiParts, request: IncomingMessage): Answer | undefined {
  const { headers, socket, method = "GET" } = request;
  const forbidden = (error: string): Answer => ({ status: 403, body: { error } });
  if (token === undefined) {
    const { host, origin } = headers;
    const foreign = foreignPage({ host, origin, secFetchSite: String(headers["sec-fetch-site"] ?? "") }, address);
    if (foreign !== undefined) return forbidden(foreign);
  }
  const refused = refusalOf(token, headers.authorization, socket.remoteAddress);
  if (refused === "not-loopback") return forbidden(refused);
  const isRead = method === "GET" || method === "HEAD" || method === "OPTIONS";
  const lacksChange =
    !isRead && changeToken !== undefined && refusalOf(changeToken, headers.authorization, undefined) !== undefined;
  return refused === undefined && !lacksChange ? undefined : { status: 401, body: { error: "no-token" } };
}

function page(parts: ManagerApiParts, route: string): Answer {
  const { host, enforced, isolations, classes } = parts;
  const isolation = Object.fromEntries(isolations.map(({ runtime, holds }) => [runtime, holds]));
  switch (route) {
    case "/health":
      return { status: 200, body: { status: "up", streamlets: host.size, limits: enforced, isolation } };
    case "/ready":
      return readiness(parts.room());
    case "/openapi.json":
      return { status: 200, body: openApi };
    case "/pools":
      return { status: 200, body: classes.map((one, pool) => poolView(one, pool, host)) };
    default:
      return list(parts);
  }
}

function readiness(room: ReturnType<ManagerApiParts["room"]>): Answer {
  if (room === "some") return { status: 200, body: { ready: true } };
  const reason =
    room === "none" ? "a pool has no room" : "the gateway has not reported yet whether the pools have room";
  return { status: 503, body: { ready: false, reason } };
}

async function change(parts: ManagerApiParts, route: string, request: IncomingMessage): Promise<Answer> {
  if (route === "/streamlets") return launch(parts, request);
  parts.restart();
  return accepted;
}

function streamlet(parts: ManagerApiParts, id: number, route: string, method: string): Answer {
  const view = parts.host.views().find((candidate) => candidate.id === id);
  if (view === undefined) return { status: 404, body: { error: `no streamlet ${id}` } };
  if (method === "GET") return { status: 200, body: streamletView(view) };
  parts.ask({ ask: route.endsWith("/drain") ? "drain" : "terminate", id });
  return accepted;
}

async function launch(parts: ManagerApiParts, request: IncomingMessage): Promise<Answer> {
  const body = await readBody(request);
  if (body === undefined) return { status: 413, body: { error: `a body of more than ${MAX_BODY_BYTES} bytes` } };
  const pool = poolOf(body);
  if (pool === undefined) return { status: 400, body: { error: 'expected {"pool": number}' } };
  if (parts.classes[pool] === undefined) return { status: 404, body: { error: `no pool ${pool}` } };
  parts.ask({ ask: "launch", id: pool });
  return accepted;
}

function poolOf(body: string): number | undefined {
  try {
    const { pool } = JSON.parse(body) as { pool?: unknown };
    return typeof pool === "number" && Number.isInteger(pool) && pool >= 0 ? pool : undefined;
  } catch {
    return undefined;
  }
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  let body = "";
  for await (const chunk of request) {
    body += chunk;
    if (body.length > MAX_BODY_BYTES) return undefined;
  }
  return body;
}

const accepted: Answer = { status: 202, body: { accepted: true } };
function list(parts: ManagerApiParts): Answer {
  return { status: 200, body: parts.host.views().map(streamletView) };
}

function poolView({ name, runtime, formats, limits }: ProcessClass, pool: number, host: ProcessHost): object {
  const zygote = host.zygoteOf(pool);
  return { pool, name, runtime, formats, limits, ...(zygote === undefined ? {} : { zygote }) };
}

function streamletView(view: ProcessView): object {
  return { ...view, ageMs: Math.round(view.ageMs) };
}

function send(response: ServerResponse, { status, body, allow }: Answer, withoutBody: boolean): void {
  const text = body === undefined ? "" : `${JSON.stringify(body)}\n`;
  response.writeHead(status, {
    ...(status === 204 ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(text) }),
    "cache-control": "no-store",
    ...(allow === undefined ? {} : { allow }),
    ...(status === 401 ? { "www-authenticate": "Bearer" } : {}),
  });
  response.end(withoutBody ? "" : text);
}
