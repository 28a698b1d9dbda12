// The API gateway's server: it reads headers, admits or refuses, and hands the socket to a
// streamlet. After that no bytes pass through it, unless a network limit sends them through the
// manager.
import { STATUS_CODES } from "node:http";
import { createServer, type Server, type Socket } from "node:net";
import { statusOf, type UnservedReason } from "../../ports/reasons.js";
import type { LiveRun } from "../run/live-run.js";
import { PendingClient } from "../run/pending-client.js";
import { refusalOf } from "../wire/bearer-token.js";
import { foreignPage } from "../wire/foreign-page.js";
import { OPEN_PATHS } from "../wire/open-paths.js";
import { type RefusalDetail, refusalText } from "../wire/refusal-text.js";
import { type AdmissionRules, admit } from "./admission.js";
import { HeaderParser, type RequestHeader } from "./request-header.js";
import { routeOf } from "./routes.js";

export interface GatewayServerSpec {
  readonly rules: AdmissionRules;
  readonly token: string | undefined;
  /** The configured listening address: a request whose Host names it is not foreign. */
  readonly address: string;
  /** A header must be complete within this time. */
  readonly headerTimeoutMs: number;
  /** Connections that have not been handed on; more are refused at once. */
  readonly maxConnections: number;
  readonly retryAfterSeconds: number;
}

export const defaultGateway: Omit<GatewayServerSpec, "rules" | "token"> = {
  address: "127.0.0.1",
  headerTimeoutMs: 5000,
  maxConnections: 4096,
  retryAfterSeconds: 1,
};

/**
 * Requests that do not reach the control plane: refused by the gateway itself, or for its pages.
 */
export interface GatewayPages {
  onRefused(reason: string, status: number): void;
  /**
   * Answers GET and HEAD on its own paths (/metrics); undefined = no such page. The status is 200
   * if left out.
   */
  page(path: string): Promise<Page> | undefined;
}

export interface Page {
  readonly type: string;
  readonly body: string;
  readonly status?: 200 | 503;
}

/** Accepts connections until `drain`. */
export class GatewayServer {
  private readonly server: Server;
  private readonly open = new Set<Socket>();
  private draining = false;

  constructor(
    private readonly run: LiveRun,
    readonly spec: GatewayServerSpec,
    private readonly pages: GatewayPages,
  ) {
    this.server = createServer({ pauseOnConnect: true, allowHalfOpen: true, noDelay: true }, (socket) =>
      this.accept(socket),
    );
  }

  /** Connections that have not been handed on. */
  get connections(): number {
    return this.open.size;
  }

  listen(address: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen({ host: address, port, backlog: 1024 }, () => {
        const bound = this.server.address();
        resolve(typeof bound === "object" && bound !== null ? bound.port : port);
      });
    });
  }

  /**
   * Accepts no new connection, and refuses new requests on open ones. Streams continue in their
   * streamlets.
   */
  drain(): void {
    this.draining = true;
    this.server.close();
  }

  close(): void {
    this.drain();
    for (const socket of this.open) socket.destroy();
  }

  private accept(socket: Socket): void {
    socket.on("error", () => undefined);
    this.open.add(socket);
    // Also after the hand-over: its Node object is closed then.
    socket.on("close", () => this.open.delete(socket));
    if (this.open.size > this.spec.maxConnections) {
      this.refuse(socket, "http", 503, "too-many-connections");
      return;
    }
    const parser = new HeaderParser();
    const overdue = setTimeout(() => this.refuse(socket, "http", 408, "header-too-slow"), this.spec.headerTimeoutMs);
    const settle = (): void => {
      clearTimeout(overdue);
      socket.off("data", read);
      socket.off("end", leave);
    };
    const leave = (): void => {
      settle();
      socket.destroy();
    };
    const read = (chunk: Buffer): void => {
      const parsed = parser.push(chunk);
      if (parsed.state === "more") return;
      settle();
      if (parsed.state === "fault") this.refuse(socket, parsed.protocol, parsed.status, parsed.reason);
      else this.receive(socket, parsed.header, parsed.rest);
    };
    socket.on("data", read);
    socket.on("end", leave);
    socket.on("close", settle);
    socket.resume();
  }

  private receive(socket: Socket, header: RequestHeader, rest: Uint8Array): void {
    if (header.protocol === "raw") {
      if (this.isAllowed(socket, header)) this.admit(socket, header, rest);
      return;
    }
    const { method, path } = header;
    const detail = { withoutBody: method === "HEAD" };
    const page = this.pages.page(path);
    const route = routeOf(method, path, page !== undefined);
    if (route.to === "refusal" && route.status === 404) this.refuse(socket, "http", 404, "no-such-path", detail);
    else if (route.to === "refusal")
      this.refuse(socket, "http", 405, "method", { ...detail, allow: route.status === 405 ? route.allow : undefined });
    else if (route.to === "options") this.finish(socket, optionsAnswer(route.allow));
    else if (page !== undefined && route.to === "page") this.answerPage(socket, header, page);
    else if (this.isAllowed(socket, header)) this.admit(socket, header, rest);
  }

  /** True if this sender has access; refuses it otherwise. */
  private isAllowed(socket: Socket, header: RequestHeader): boolean {
    const { protocol, fields } = header;
    const { token, address } = this.spec;
    const authorization = protocol === "http" ? fields.get("authorization") : `Bearer ${fields.get("token") ?? ""}`;
    const refused = refusalOf(token, authorization, socket.remoteAddress) ?? foreign(header, token, address);
    if (refused === undefined) return true;
    const detail = { withoutBody: protocol === "http" && header.method === "HEAD" };
    this.refuse(socket, protocol, refused === "no-token" ? 401 : 403, refused, detail);
    return false;
  }

  private admit(socket: Socket, header: RequestHeader, rest: Uint8Array): void {
    if (this.draining) {
      this.refuse(socket, header.protocol, statusOf("shutting-down"), "shutting-down");
      return;
    }
    const admitted = admit(header, this.spec.rules);
    if ("status" in admitted) {
      this.refuse(socket, header.protocol, admitted.status, admitted.reason);
      return;
    }
    const refusal = (reason: UnservedReason, retryAfterSeconds: number): string =>
      refusalText(header.protocol, statusOf(reason), reason, retryAfterSeconds);
    this.run.request(
      admitted.admission,
      (onGone) => new PendingClient(socket, admitted.outline, rest, { refusal, onGone }),
    );
  }

  private answerPage(socket: Socket, header: RequestHeader & { protocol: "http" }, page: Promise<Page>): void {
    const { method, path } = header;
    if (!OPEN_PATHS.has(path) && !this.isAllowed(socket, header)) return;
    void page.then(({ type, body, status = 200 }) => {
      const head = [
        `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
        `Content-Type: ${type}`,
        `Content-Length: ${Buffer.byteLength(body)}`,
        "Cache-Control: no-store",
        "Connection: close",
      ];
      this.finish(socket, `${head.join("\r\n")}\r\n\r\n${method === "HEAD" ? "" : body}`);
    });
  }

  private refuse(
    socket: Socket,
    protocol: "http" | "raw",
    status: number,
    reason: string,
    detail: RefusalDetail = {},
  ): void {
    this.pages.onRefused(reason, status);
    this.finish(socket, refusalText(protocol, status, reason, this.spec.retryAfterSeconds, detail));
  }

  /** Sends the last bytes; a client that does not read them is disconnected. */
  private finish(socket: Socket, text: string): void {
    if (socket.destroyed) return;
    socket.removeAllListeners("data");
    socket.resume();
    socket.end(text);
    socket.setTimeout(2000, () => socket.destroy());
    setTimeout(() => socket.destroy(), this.spec.headerTimeoutMs).unref();
  }
}

/**
 * A foreign web page cannot know the token. Without one it could act with all rights of this
 * machine.
 */
function foreign(header: RequestHeader, token: string | undefined, address: string): string | undefined {
  if (token !== undefined || header.protocol === "raw") return undefined;
  const { fields } = header;
  const [host, origin, secFetchSite] = ["host", "origin", "sec-fetch-site"].map((name) => fields.get(name));
  return foreignPage({ host, origin, secFetchSite }, address);
}

function optionsAnswer(allow: string): string {
  return `HTTP/1.1 204 No Content\r\nAllow: ${allow}\r\nConnection: close\r\n\r\n`;
}
