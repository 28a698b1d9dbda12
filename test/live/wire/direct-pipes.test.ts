import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { MpegTsWriter } from "../../../src/live/formats/mpegts/writer.js";
import { Limiter } from "../../../src/live/limits/limiter.js";
import { type Limits, noLimits } from "../../../src/live/limits/limits.js";
import type { Runtime } from "../../../src/live/machine/launch-command.js";
import { ProcessHost } from "../../../src/live/manager/process-host.js";
import { DirectPipes } from "../../../src/live/wire/direct-pipes.js";
import { defaultTimes } from "../../../src/live/wire/process-class.js";
import type { StreamOrder } from "../../../src/live/wire/stream-order.js";
import { unopened } from "../../../src/live/wire/stream-report.js";
import type { StreamletId } from "../../../src/ports/fleet.js";
import { rawOrder, received, runtimes, until } from "../live-bench.js";

const ID = 1 as StreamletId;
const foldersOf = (pid: number): string[] =>
  readdirSync(tmpdir()).filter((name) => name.startsWith(`headrace-pipes-${pid}-`));

/** A streamlet, a host in place of the manager, and a gateway's pipe between them. */
class LineBench {
  readonly ended: { stream: number; detail: string; bytesIn: number }[] = [];
  readonly lost: number[] = [];
  stopped = false;
  listening = false;
  asked = 0;
  private ready = false;
  readonly host: ProcessHost;
  readonly pipes: DirectPipes;
  private readonly server: Server;
  private readonly accepted: ((socket: Socket) => void)[] = [];

  constructor(runtime: Runtime, limits: Partial<Limits> = {}, methods?: ConstructorParameters<typeof Limiter>[0]) {
    this.host = new ProcessHost(
      [{ name: "test", runtime, formats: ["mpegts"], limits: { ...noLimits, ...limits } }],
      new Limiter(methods, runtime),
      defaultTimes,
      {
        onReady: () => {
          this.ready = true;
        },
        onBeat: () => undefined,
        onPipe: (id) => {
          this.listening = true;
          this.pipes.listens(id);
        },
        onEnded: (id, report) => {
          this.pipes.onEnded(id, report.stream);
          this.ended.push(report);
        },
        onStopped: (id) => {
          this.lost.push(...this.pipes.forget(id));
          this.stopped = true;
        },
      },
    );
    this.pipes = new DirectPipes({
      ask: (id, path) => {
        this.asked++;
        this.host.pipe(id, path);
      },
      onLost: (_id, stream) => this.ended.push(unopened(stream, "streamlet-gone")),
    });
    this.server = createServer({ pauseOnConnect: true, allowHalfOpen: true }, (socket) => {
      socket.on("error", () => undefined);
      this.accepted.shift()?.(socket);
    });
  }

  async begin(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    await this.host.prepared();
    this.host.launch(ID, 0);
    await until("readiness", () => this.ready);
  }

  /** A client and the socket to hand over. */
  async pair(): Promise<{ client: Socket; socket: Socket }> {
    const accepted = new Promise<Socket>((resolve) => this.accepted.push(resolve));
    const { port } = this.server.address() as AddressInfo;
    const client = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    client.on("error", () => undefined);
    return { client, socket: await accepted };
  }

  /** The first stream cannot go by it: it makes the pipe. Waits until one has gone by it. */
  async pipe(): Promise<void> {
    let tried = 0;
    await until("the pipe", async () => {
      const { client, socket } = await this.pair();
      const went = this.pipes.open(ID, { ...rawOrder, stream: 999 }, socket);
      if (!went) socket.destroy();
      client.end().resume();
      tried++;
      return went;
    });
    expect(tried).toBeGreaterThan(1);
    await until("the end of the first", () => this.ended.length > 0);
    this.ended.length = 0;
  }

  async open(order: Partial<StreamOrder> & { stream: number }): Promise<Socket> {
    const { client, socket } = await this.pair();
    expect(this.pipes.open(ID, { ...rawOrder, ...order }, socket)).toBe(true);
    return client;
  }

  /** The pipe does not take it; the manager serves it all the same. */
  async openByManager(stream: number): Promise<void> {
    const { client, socket } = await this.pair();
    expect(this.pipes.open(ID, { ...rawOrder, stream }, socket)).toBe(false);
    const answer = received(client);
    this.host.open(ID, { ...rawOrder, stream, reply: "Kw==" }, socket);
    client.end();
    expect(String(await answer)).toBe("+");
  }

  async close(): Promise<void> {
    await this.host.shutDown();
    this.pipes.close();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

describe.each(runtimes())("the gateway's own pipe to a streamlet (%s)", (runtime) => {
  let bench: LineBench;

  beforeEach(async () => {
    bench = new LineBench(runtime);
    await bench.begin();
  });

  afterEach(() => bench.close());

  it("carries orders with sockets: streams are answered, decoded, sent back, reported as by the manager", async () => {
    await bench.pipe();
    const bytes = Buffer.from(new MpegTsWriter(1_000_000).take(300));
    const reply = Buffer.from("welcome\n");
    const streams = [1, 2, 3, 4, 5, 6, 7, 8];
    const answers = await Promise.all(
      streams.map(async (stream) => {
        const client = await bench.open({ stream, reply: reply.toString("base64") });
        const answer = received(client);
        client.end(bytes);
        return answer;
      }),
    );
    for (const answer of answers) expect(answer.equals(Buffer.concat([reply, bytes]))).toBe(true);
    await until("the reports", () => bench.ended.length === streams.length);
    for (const stream of streams)
      expect(bench.ended.find((one) => one.stream === stream)).toMatchObject({
        detail: "client-done",
        bytesIn: bytes.length,
      });
    expect(bench.asked).toBe(1);
  });

  it("carries what a client has sent before, however long the record gets by it", async () => {
    await bench.pipe();
    // A waiting client may have sent 65,536 bytes: 87 kB in base64, more than one read of the
    // pipe takes.
    const head = Buffer.from(new MpegTsWriter(1_000_000).take(348));
    const clients = await Promise.all([1, 2, 3].map((stream) => bench.open({ stream, head: head.toString("base64") })));
    const answers = clients.map((client) => received(client));
    for (const client of clients) client.end();
    for (const answer of answers) expect((await answer).equals(head)).toBe(true);
  });

  it("reports which streams a killed streamlet ended, and ends their clients' connections", async () => {
    await bench.pipe();
    const clients = await Promise.all([1, 2, 3].map((stream) => bench.open({ stream, reply: "Kw==" })));
    await Promise.all(clients.map((client) => new Promise((resolve) => client.once("data", resolve))));
    const closed = clients.map((client) => new Promise((resolve) => client.once("close", resolve).resume()));
    clients[0].end();
    await until("one to end by itself", () => bench.ended.some(({ stream }) => stream === 1));
    process.kill(bench.host.pidOf(ID) as number, "SIGKILL");
    await until("its end", () => bench.stopped);
    expect(bench.lost).toEqual([2, 3]);
    for (const client of clients) client.end();
    await Promise.all(closed);
  });

  it("leaves no client waiting when the streamlet hangs with queued sockets; refuses more than its bound", async () => {
    await bench.pipe();
    process.kill(bench.host.pidOf(ID) as number, "SIGSTOP");
    const head = Buffer.alloc(60_000, 1).toString("base64");
    const closed: Promise<unknown>[] = [];
    let refused = 0;
    // The kernel takes the first few of 80 kB; 64 more wait here.
    for (let stream = 1; stream <= 80; stream++) {
      const { client, socket } = await bench.pair();
      closed.push(
        new Promise((resolve) =>
          client
            .on("close", resolve)
            .on("end", () => client.end())
            .resume(),
        ),
      );
      if (bench.pipes.open(ID, { ...rawOrder, stream, head }, socket)) continue;
      refused++;
      socket.destroy();
    }
    expect(refused).toBeGreaterThan(0);
    expect(refused).toBeLessThanOrEqual(16);
    bench.host.kill(ID, "hung");
    await until("its end", () => bench.stopped);
    await Promise.all(closed);
    const told = [...bench.lost, ...bench.ended.map(({ stream }) => stream)].sort((a, b) => a - b);
    expect(told).toEqual(Array.from({ length: 80 - refused }, (_, i) => i + 1));
  });

  it("costs a streamlet without a free descriptor that one stream, and not the others that it carries", async () => {
    await bench.pipe();
    const spared = await bench.open({ stream: 1, reply: "Kw==" });
    await new Promise((resolve) => spared.once("data", resolve));
    const pid = bench.host.pidOf(ID) as number;
    const limit = (files: number): void => {
      // The soft limit alone.
      execFileSync("prlimit", ["--pid", String(pid), `--nofile=${files}:`]);
    };
    const open = readdirSync(`/proc/${pid}/fd`).length;
    // Below the numbers that are taken: none is left, wherever there are holes.
    limit(3);
    const turnedAway = await bench.open({ stream: 2, reply: "Kw==" });
    await until("its report", () => bench.ended.some(({ stream }) => stream === 2));
    expect(bench.ended[0]).toMatchObject({ stream: 2, detail: "client-gone" });
    limit(open + 100);
    expect(bench.stopped).toBe(false);
    const answer = new Promise((resolve) => spared.once("data", resolve));
    spared.write("still there");
    expect(String(await answer)).toBe("still there");
    spared.destroy();
    turnedAway.destroy();
  });

  it("removes its folder", async () => {
    await bench.pipe();
    const folders = foldersOf(process.pid);
    expect(folders).toHaveLength(1);
    // The socket's name is gone once the gateway has connected.
    await until("its name to be gone", () => readdirSync(join(tmpdir(), folders[0])).length === 0);
    bench.pipes.close();
    expect(foldersOf(process.pid)).toEqual([]);
  });
});

describe("where this Node does not let one inside", () => {
  afterEach(() => vi.restoreAllMocks());

  it("all streams go by the manager", async () => {
    const bench = new LineBench("node");
    await bench.begin();
    try {
      vi.spyOn(process as unknown as { binding(): never }, "binding").mockImplementation(() => {
        throw new Error("No such binding");
      });
      for (const stream of [1, 2, 3]) {
        await bench.openByManager(stream);
        await until("the streamlet to listen", () => bench.listening);
      }
      expect(foldersOf(process.pid).flatMap((name) => readdirSync(join(tmpdir(), name)))).toEqual([]);
    } finally {
      await bench.close();
    }
  });
});

describe("a streamlet whose bytes pass through the manager", () => {
  it("gets no pipe: its cap would not bind", async () => {
    const bench = new LineBench("node", { bitsPerSecond: 20_000_000 }, ["userspace"]);
    await bench.begin();
    try {
      for (const stream of [1, 2]) {
        await bench.openByManager(stream);
      }
      expect(bench.asked).toBe(1);
      expect(bench.listening).toBe(false);
    } finally {
      await bench.close();
    }
  });
});
