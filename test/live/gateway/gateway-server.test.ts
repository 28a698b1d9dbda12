import { request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { connect, createServer, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { MpegTsWriter } from "../../../src/live/formats/mpegts/writer.js";
import { defaultGateway, GatewayServer } from "../../../src/live/gateway/gateway-server.js";
import type { Runtime } from "../../../src/live/machine/launch-command.js";
import { LiveMetrics } from "../../../src/live/watch/live-metrics.js";
import { poolsOf } from "../../../src/world/pools.js";
import { descriptorCount, FleetBench, scenarioOf } from "../fleet-bench.js";
import { madeByFfmpeg } from "../formats/ffmpeg.js";
import { received, runtimes, until } from "../live-bench.js";
import { liveScenario } from "../live-scenario.js";
import { wholeAnswer } from "../whole-answer.js";

function yaml(count: number, waitingRoom: number): string {
  return liveScenario({
    name: "gateway",
    mix:
      "[{region: eu, format: mpegts, segment: free, share: 1}, " +
      "{region: us, format: mpegts, segment: paid, share: 1}]",
    regions: "[{name: eu}, {name: us}]",
    max: 10,
    more: [`gateway: {waitingRoom: ${waitingRoom}}`],
    policies: `[{kind: static, count: ${count}}]`,
  });
}

const bytes = new MpegTsWriter(1_000_000).take(1000);
let bench: FleetBench | undefined;
let gateway: GatewayServer | undefined;

interface Options {
  readonly runtime?: Runtime;
  readonly count?: number;
  readonly waitingRoom?: number;
  readonly patienceMs?: number;
  readonly token?: string;
  readonly headerTimeoutMs?: number;
  readonly maxConnections?: number;
  readonly upstreams?: string[];
}

async function start(options: Options = {}): Promise<number> {
  const scenario = await scenarioOf(yaml(options.count ?? 1, options.waitingRoom ?? 10));
  const metrics = new LiveMetrics(
    scenario,
    poolsOf(scenario).map((pool) => pool.name),
  );
  bench = await FleetBench.start(scenario, options.runtime, Number.POSITIVE_INFINITY, {}, metrics);
  const rules = {
    scenario,
    upstreams: new Set(options.upstreams ?? []),
    maxBytes: 10_000_000,
    idleTimeoutMs: 30_000,
    patienceMs: options.patienceMs ?? 30_000,
  };
  const { runtime: _____, count: _, waitingRoom: __, patienceMs: ___, upstreams: ____, token, ...more } = options;
  gateway = new GatewayServer(
    bench.run,
    { ...defaultGateway, ...more, rules, token },
    {
      onRefused: (reason) => metrics.onRefused(reason),
      page: (path) => (path === "/metrics" ? metrics.page() : undefined),
    },
  );
  const port = await gateway.listen("127.0.0.1", 0);
  await until("ready streamlets", () => bench?.readyIds().length === 2 * (options.count ?? 1));
  return port;
}

/**
 * A flipped bit in each of two tables, three lost packets of the picture, and one packet after
 * its successor.
 */
function damagedByHand(made: Uint8Array): Uint8Array {
  const packets = Array.from({ length: made.length / 188 }, (_, i) => made.slice(188 * i, 188 * (i + 1)));
  const ofPid = (pid: number): number[] =>
    packets.flatMap((one, i) => ((((one[1] & 31) << 8) | one[2]) === pid && (one[3] & 16) !== 0 ? [i] : []));
  for (const table of ofPid(0).slice(3, 5)) packets[table][12] ^= 4;
  const picture = ofPid(256);
  const [first, second] = [picture[400], picture[401]];
  [packets[first], packets[second]] = [packets[second], packets[first]];
  const lost = [picture[100], picture[200], picture[300]];
  return Buffer.concat(packets.filter((_, i) => !lost.includes(i)));
}

const eu = "Host: x\r\nX-Headrace-Region: eu\r\n";

describe("the gateway server", () => {
  afterEach(async () => {
    gateway?.close();
    await bench?.close();
    gateway = undefined;
    bench = undefined;
  });

  it.each(runtimes())(
    "carries a chunked upload, a WebSocket and raw TCP to a streamlet and back (%s)",
    async (runtime) => {
      const port = await start({ runtime });
      const uploaded = await new Promise<Buffer>((resolve, reject) => {
        const headers = { "x-headrace-region": "eu", "x-headrace-segment": "free" };
        const upload = httpRequest(
          { port, host: "127.0.0.1", path: "/stream", method: "POST", headers },
          (response) => {
            expect(response.statusCode).toBe(200);
            const chunks: Buffer[] = [];
            response.on("data", (chunk) => chunks.push(chunk));
            response.on("end", () => resolve(Buffer.concat(chunks)));
          },
        );
        upload.on("error", reject);
        for (let at = 0; at < bytes.length; at += 10_000) upload.write(bytes.subarray(at, at + 10_000));
        upload.end();
      });
      expect(uploaded.equals(bytes)).toBe(true);

      const echoed = await new Promise<Buffer>((resolve, reject) => {
        const socket = new WebSocket(`ws://127.0.0.1:${port}/stream`, { headers: { "x-headrace-region": "us" } });
        const chunks: Buffer[] = [];
        socket.on("error", reject);
        socket.on("open", () => {
          for (let at = 0; at < bytes.length; at += 10_000) socket.send(bytes.subarray(at, at + 10_000));
        });
        socket.on("message", (data) => {
          chunks.push(data as Buffer);
          if (Buffer.concat(chunks).length === bytes.length) socket.close(1000);
        });
        socket.on("close", () => resolve(Buffer.concat(chunks)));
      });
      expect(echoed.equals(bytes)).toBe(true);

      const client = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
      const answer = received(client);
      client.write("HEADRACE/1 region=eu format=mpegts segment=free\n");
      client.end(bytes);
      const raw = await answer;
      expect(raw.subarray(0, 18).toString()).toBe("HEADRACE/1 200 OK\n");
      expect(raw.subarray(18).equals(bytes)).toBe(true);
      await until("three reports", () => bench?.reports.length === 3);
      for (const report of bench?.reports ?? [])
        expect(report).toMatchObject({ end: "completed", units: 1000, errorCount: 0 });
      const metrics = await wholeAnswer(port, "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
      expect(metrics).toContain('headrace_requests_total{region="eu",format="mpegts",segment="free"} 2');
      expect(metrics).toContain('headrace_streams_ended_total{end="completed"} 3');
      expect(metrics).toContain("headrace_stream_units_total 3000");
      expect(metrics).toContain("headrace_open_streams 0");
    },
  );

  it.for(runtimes())(
    "carries what ffmpeg makes without a fault, and counts exactly what was done to it on the way (%s)",
    async (runtime, context) => {
      const made = madeByFfmpeg();
      if (made === undefined) return context.skip();
      const port = await start({ runtime });
      for (const sent of [made, damagedByHand(made)]) {
        const client = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
        const answer = received(client);
        client.write("HEADRACE/1 region=eu format=mpegts segment=free\n");
        client.end(sent);
        expect((await answer).subarray(18).equals(sent)).toBe(true);
      }
      await until("two reports", () => bench?.reports.length === 2);
      const [whole, damaged] = bench?.reports ?? [];
      expect(whole).toMatchObject({ units: made.length / 188, errorCount: 0 });
      const counted = Object.entries(damaged.errors).filter(([, count]) => count !== 0);
      expect(Object.fromEntries(counted)).toEqual({ crcErrors: 2, lostPackets: 3, reorderedPackets: 1 });
    },
  );

  it("downloads from an upstream that is allowed, and from no other", async () => {
    const upstream = createServer((socket: Socket) => socket.end(bytes));
    await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
    const address = `127.0.0.1:${(upstream.address() as AddressInfo).port}`;
    const port = await start({ upstreams: [address] });
    const got = await fetch(`http://127.0.0.1:${port}/stream`, {
      headers: { "x-headrace-region": "eu", "x-headrace-from": address },
    });
    expect(Buffer.from(await got.arrayBuffer()).equals(bytes)).toBe(true);
    const refused = await wholeAnswer(port, `GET /stream HTTP/1.1\r\n${eu}X-Headrace-From: 169.254.169.254:80\r\n\r\n`);
    expect(refused).toMatch(/^HTTP\/1.1 403 /);
    upstream.close();
  });

  it("answers each malformed or impossible request with its status", async () => {
    const port = await start();
    const cases: [string, number][] = [
      ["nonsense\r\n\r\n", 400],
      [`POST /stream HTTP/1.1\r\n${eu}\r\n`, 411],
      [`POST /stream HTTP/1.1\r\n${eu}Content-Length: 99999999\r\n\r\n`, 413],
      [`POST /stream HTTP/1.1\r\n${eu}Content-Length: -5\r\n\r\n`, 400],
      [`POST /stream HTTP/1.1\r\n${eu}Transfer-Encoding: gzip, chunked\r\n\r\n`, 501],
      [`POST /../../etc/passwd HTTP/1.1\r\n${eu}Content-Length: 0\r\n\r\n`, 404],
      [`DELETE /stream HTTP/1.1\r\n${eu}\r\n`, 405],
      ["POST /stream HTTP/1.1\r\nHost: x\r\nX-Headrace-Region: mars\r\nContent-Length: 0\r\n\r\n", 400],
      [`POST /stream HTTP/1.1\r\n${eu}X-Headrace-Format: mp4\r\nContent-Length: 0\r\n\r\n`, 415],
      [`POST /stream HTTP/1.1\r\n${eu}X-Headrace-Segment: gold\r\nContent-Length: 0\r\n\r\n`, 400],
      [`GET /stream HTTP/1.1\r\n${eu}Upgrade: websocket\r\nConnection: upgrade\r\n\r\n`, 400],
      [`GET /stream HTTP/1.1\r\n${eu}X-A: ${"a".repeat(20_000)}\r\n\r\n`, 431],
    ];
    for (const [text, status] of cases)
      expect(await wholeAnswer(port, text), text.slice(0, 60)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(await wholeAnswer(port, "HEADRACE/1 region=mars\n")).toBe("HEADRACE/1 400 unknown-region\n");
  });

  it("refuses requests without the token where one is set", async () => {
    const port = await start({ token: "secret" });
    expect(await wholeAnswer(port, `POST /stream HTTP/1.1\r\n${eu}Content-Length: 0\r\n\r\n`)).toMatch(
      /^HTTP\/1.1 401 .*WWW-Authenticate: Bearer/s,
    );
    expect(await wholeAnswer(port, "HEADRACE/1 region=eu token=guess\n")).toBe("HEADRACE/1 401 no-token\n");
    expect(
      await wholeAnswer(
        port,
        `POST /stream HTTP/1.1\r\n${eu}Authorization: Bearer secret\r\nContent-Length: 0\r\n\r\n`,
      ),
    ).toMatch(/^HTTP\/1.1 200 /);
  });

  it("lets a client wait for a slot, and answers 503 with Retry-After if none comes or the room is full", async () => {
    const port = await start({ waitingRoom: 1, patienceMs: 300 });
    const held = Array.from({ length: 8 }, () => {
      const client = connect(port, "127.0.0.1");
      client.write("HEADRACE/1 region=eu forward=client\n");
      client.on("error", () => undefined);
      return new Promise<Socket>((resolve) => client.once("data", () => resolve(client)));
    });
    const clients = await Promise.all(held);
    const waiting = wholeAnswer(port, "HEADRACE/1 region=eu\n");
    await until("one to wait", () => bench?.run.waitingClients === 1);
    expect(await wholeAnswer(port, `POST /stream HTTP/1.1\r\n${eu}Content-Length: 0\r\n\r\n`)).toMatch(
      /^HTTP\/1.1 503 .*Retry-After: 1.*waiting-room-full/s,
    );
    expect(await waiting).toBe("HEADRACE/1 503 no-free-slot retry-after=1\n");
    const gone = connect(port, "127.0.0.1");
    gone.write("HEADRACE/1 region=eu\n");
    await until("another to wait", () => bench?.run.waitingClients === 1);
    gone.destroy();
    await until("it to be noticed that it went", () => bench?.run.waitingClients === 0);
    for (const client of clients) client.destroy();
  });

  it("serves despite a thousand connections, slow headers, and silent clients", async () => {
    const port = await start({ headerTimeoutMs: 1500, maxConnections: 600 });
    const before = descriptorCount();
    const crowd = Array.from({ length: 1000 }, () => {
      const client = connect(port, "127.0.0.1");
      client.on("error", () => undefined);
      client.write("POST /str");
      return client;
    });
    let answers = 0;
    for (const client of crowd) client.on("data", () => answers++);
    await until("each to be told off", () => answers === 1000);
    await until("all to be let go", () => gateway?.connections === 0);
    for (const client of crowd) client.destroy();
    await until("their descriptors to be free", () => descriptorCount() <= before + 10);
    expect(await wholeAnswer(port, `POST /stream HTTP/1.1\r\n${eu}Content-Length: 0\r\n\r\n`)).toMatch(
      /^HTTP\/1.1 200 /,
    );
  });
});
