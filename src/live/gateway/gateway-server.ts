// The API gateway's front: it reads headers, admits or refuses, and hands the socket on. Where limits allow it is out of the data path then.
import { createServer, type Server, type Socket } from "node:net";
import { refusalOf } from "../bearer-token.js";
import type { LiveRun } from "../live-run.js";
import { PendingClient } from "../pending-client.js";
import { type AdmissionRules, admit } from "./admission.js";
import { refusalText } from "./refusal-text.js";
import { HeaderParser, type RequestHeader } from "./request-header.js";

export interface GatewayServerSpec {
  readonly rules: AdmissionRules;
  readonly token: string | undefined;
  /** A header must be whole by then, however busily its sender drips. */
  readonly headerTimeoutMs: number;
  /** Connections that have not been handed on; more are refused at once. */
  readonly maxConnections: number;
  readonly retryAfterSeconds: number;
}

export const defaultGateway: Omit<GatewayServerSpec, "rules" | "token"> = {
  headerTimeoutMs: 5000,
  maxConnections: 4096,
  retryAfterSeconds: 1,
};

/** What the gateway refuses by itself, before the control plane hears of it; and what is asked for besides streams. */
export interface GatewayPages {
  onRefused(reason: string, status: number): void;
  /** Answers GET on a path of its own (/metrics); undefined = no such page. */
  page(path: string): Promise<{ readonly type: string; readonly body: string }> | undefined;
}

/** Accepts connections until it is told to drain. */
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

  /** No new connection; what comes over those that are here is refused. Streams go on in their streamlets. */
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
    // Also when it is handed on: the shell that stays behind is closed then.
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
    const authorization =
      header.protocol === "http" ? header.fields.get("authorization") : `Bearer ${header.fields.get("token") ?? ""}`;
    const refused = refusalOf(this.spec.token, authorization, socket.remoteAddress);
    if (refused !== undefined) {
      this.refuse(socket, header.protocol, refused === "no-token" ? 401 : 403, refused);
      return;
    }
    if (header.protocol === "http" && header.method === "GET" && this.answerPage(socket, header.path)) return;
    if (this.draining) {
      this.refuse(socket, header.protocol, 503, "shutting-down");
      return;
    }
    const admitted = admit(header, this.spec.rules);
    if ("status" in admitted) {
      this.refuse(socket, header.protocol, admitted.status, admitted.reason);
      return;
    }
    const refusal = (reason: string, retryAfterSeconds: number): string =>
      refusalText(header.protocol, reason === "quarantined" ? 403 : 503, reason, retryAfterSeconds);
    this.run.request(
      admitted.admission,
      (onGone) => new PendingClient(socket, admitted.outline, rest, refusal, onGone),
    );
  }

  private answerPage(socket: Socket, path: string): boolean {
    const page = this.pages.page(path);
    if (page === undefined) return false;
    void page.then(({ type, body }) => {
      const length = Buffer.byteLength(body);
      const head = `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n`;
      this.finish(socket, head + body);
    });
    return true;
  }

  private refuse(socket: Socket, protocol: "http" | "raw", status: number, reason: string): void {
    this.pages.onRefused(reason, status);
    this.finish(socket, refusalText(protocol, status, reason, this.spec.retryAfterSeconds));
  }

  /** Says its last word; a client that does not take it is let go. */
  private finish(socket: Socket, text: string): void {
    if (socket.destroyed) return;
    socket.removeAllListeners("data");
    socket.resume();
    socket.end(text);
    socket.setTimeout(2000, () => socket.destroy());
    setTimeout(() => socket.destroy(), this.spec.headerTimeoutMs).unref();
  }
}
