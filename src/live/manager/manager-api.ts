import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { refusalOf } from "../bearer-token.js";
import type { OperatorWish } from "../messages.js";
import type { ProcessClass, ProcessHost } from "../process-host.js";
import type { ProcessView } from "../process-view.js";
import { openApi } from "./openapi.js";

/** A request body that is larger is none of ours. */
const MAX_BODY_BYTES = 4096;
/** A client that has not sent its request by then is let go. */
const REQUEST_TIMEOUT_MS = 5000;
const MAX_CONNECTIONS = 100;

export interface ManagerApiParts {
  readonly host: ProcessHost;
  readonly classes: readonly ProcessClass[];
  readonly enforced: Readonly<Record<string, string>>;
  readonly token: string | undefined;
  /** Tells the control plane. */
  ask(wish: OperatorWish): void;
  /** Tells the gateway that an operator wants another manager process. */
  restart(): void;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** The manager's HTTP API. It shows what is, and passes wishes on; it changes nothing by itself. */
export function createManagerApi(parts: ManagerApiParts): Server {
  const server = createServer((request, response) => {
    void answer(parts, request).then(
      ({ status, body }) => send(response, status, body),
      () => send(response, 500, { error: "a fault of ours" }),
    );
  });
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.headersTimeout = REQUEST_TIMEOUT_MS;
  server.maxConnections = MAX_CONNECTIONS;
  return server;
}

async function answer(parts: ManagerApiParts, request: IncomingMessage): Promise<Answer> {
  const path = (request.url ?? "/").split("?")[0];
  const { method = "GET" } = request;
  if (path === "/health" && method === "GET") {
    return { status: 200, body: { status: "up", streamlets: parts.host.size, limits: parts.enforced } };
  }
  const refused = refusalOf(parts.token, request.headers.authorization, request.socket.remoteAddress);
  if (refused !== undefined) return { status: refused === "no-token" ? 401 : 403, body: { error: refused } };
  if (path === "/health") return notAllowed;
  if (path === "/openapi.json") return only("GET", method, { status: 200, body: openApi });
  if (path === "/pools")
    return only("GET", method, {
      status: 200,
      body: parts.classes.map((one, pool) => poolView(one, pool, parts.host)),
    });
  if (path === "/streamlets") return method === "POST" ? launch(parts, request) : only("GET", method, list(parts));
  if (path === "/restart") {
    if (method !== "POST") return notAllowed;
    parts.restart();
    return told;
  }
  const found = /^\/streamlets\/(\d{1,16})(\/drain)?$/.exec(path);
  if (found === null) return { status: 404, body: { error: "no such path" } };
  return streamlet(parts, Number(found[1]), found[2] !== undefined, method);
}

function streamlet(parts: ManagerApiParts, id: number, drain: boolean, method: string): Answer {
  const view = parts.host.views().find((candidate) => candidate.id === id);
  if (view === undefined) return { status: 404, body: { error: `no streamlet ${id}` } };
  if (drain) {
    if (method !== "POST") return notAllowed;
    parts.ask({ ask: "drain", id });
    return told;
  }
  if (method === "DELETE") {
    parts.ask({ ask: "terminate", id });
    return told;
  }
  return only("GET", method, { status: 200, body: streamletView(view) });
}

async function launch(parts: ManagerApiParts, request: IncomingMessage): Promise<Answer> {
  const body = await readBody(request);
  if (body === undefined) return { status: 413, body: { error: `a body of more than ${MAX_BODY_BYTES} bytes` } };
  const pool = poolOf(body);
  if (pool === undefined) return { status: 400, body: { error: 'expected {"pool": number}' } };
  if (parts.classes[pool] === undefined) return { status: 404, body: { error: `no pool ${pool}` } };
  parts.ask({ ask: "launch", id: pool });
  return told;
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

const told: Answer = { status: 202, body: { told: true } };
const notAllowed: Answer = { status: 405, body: { error: "this method is not for this path" } };

function only(allowed: string, method: string, then: Answer): Answer {
  return method === allowed ? then : notAllowed;
}

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

function send(response: ServerResponse, status: number, body: unknown): void {
  const text = `${JSON.stringify(body)}\n`;
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
    "cache-control": "no-store",
    ...(status === 401 ? { "www-authenticate": "Bearer" } : {}),
  });
  response.end(text);
}
