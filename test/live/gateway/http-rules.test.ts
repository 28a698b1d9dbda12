// The cases 01, 02, 09, 10, 11 and 15 of shared/cases/live: the requests of common clients, and
// the rules of the standards.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { MpegTsWriter } from "../../../src/live/formats/mpegts/writer.js";
import type { StreamReport } from "../../../src/live/wire/stream-report.js";
import { madeByFfmpeg } from "../formats/ffmpeg.js";
import { runtimes, until } from "../live-bench.js";
import { GatewayBench } from "./gateway-bench.js";

/**
 * Larger than the buffers of a loopback connection, so that a sender has bytes left when it
 * closes.
 */
const PACKETS = 2231;
const bytes = new MpegTsWriter(4_000_000).take(PACKETS);
const POST = "POST /stream HTTP/1.1\r\nHost: x\r\nX-Headrace-Format: mpegts\r\n";
const NOWHERE = "X-Headrace-Forward: nowhere\r\n";
const SENDERS = 20;

describe.each(runtimes())("what clients of the field send to the gateway (%s)", (runtime) => {
  let bench: GatewayBench;
  let upstream: { readonly address: string; received: number; close(): void };

  beforeAll(async () => {
    const server = createServer((socket) => {
      socket
        .on("error", () => undefined)
        .on("data", (chunk) => {
          upstream.received += chunk.length;
        });
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const address = `127.0.0.1:${(server.address() as { port: number }).port}`;
    upstream = { address, received: 0, close: () => server.close() };
    bench = await GatewayBench.start(runtime, {}, [address]);
  });
  afterAll(async () => {
    upstream.close();
    await bench.close();
  });

  async function reports(count: number, begin: () => void | Promise<void>): Promise<StreamReport[]> {
    const before = bench.fleet.reports.length;
    await begin();
    await until(`${count} reports`, () => bench.fleet.reports.length >= before + count);
    return bench.fleet.reports.slice(before);
  }

  function sendAndClose(...pieces: (string | Uint8Array)[]): void {
    const client = connect(bench.port, "127.0.0.1");
    client.on("error", () => undefined).pause();
    for (const piece of pieces) client.write(piece);
    client.end(() => client.destroy());
  }

  const size = `${bytes.length.toString(16)}\r\n`;
  it.each([
    ["a chunked body", [`${POST}${NOWHERE}Transfer-Encoding: chunked\r\n\r\n${size}`, bytes, "\r\n0\r\n\r\n"]],
    ["a body of known length", [`${POST}${NOWHERE}Content-Length: ${bytes.length}\r\n\r\n`, bytes]],
    ["raw TCP", ["HEADRACE/1 format=mpegts forward=nowhere\n", bytes]],
  ])("takes every packet of %s whose sender closes after its last byte, 20 of 20 times", async (_name, pieces) => {
    const ended = await reports(SENDERS, () => {
      for (let sender = 0; sender < SENDERS; sender++) sendAndClose(...pieces);
    });
    for (const report of ended)
      expect(report).toMatchObject({ detail: "client-done", units: PACKETS, bytesIn: bytes.length, errorCount: 0 });
  });

  it("takes it to an upstream as well", async () => {
    const before = upstream.received;
    const header = `${POST}X-Headrace-Forward: ${upstream.address}\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const ended = await reports(5, () => {
      for (let sender = 0; sender < 5; sender++) sendAndClose(header + size, bytes, "\r\n0\r\n\r\n");
    });
    for (const report of ended) expect(report).toMatchObject({ detail: "client-done", units: PACKETS });
    await until("all at the upstream", () => upstream.received === before + 5 * bytes.length);
  });

  it("takes every packet that ffmpeg sends, five times of five", async (context) => {
    const made = madeByFfmpeg();
    if (made === undefined) return context.skip();
    const folder = mkdtempSync(join(tmpdir(), "headrace-ffmpeg-"));
    const file = join(folder, "made.ts");
    writeFileSync(file, made);
    const headers = "X-Headrace-Format: mpegts\r\nX-Headrace-Forward: nowhere\r\n";
    const target = `http://127.0.0.1:${bench.port}/stream`;
    const args = ["-v", "error", "-i", file, "-c", "copy", "-f", "mpegts", "-headers", headers, target];
    const units = new Set<number>();
    for (let turn = 0; turn < 5; turn++) {
      const [report] = await reports(1, async () => void (await once(spawn("ffmpeg", args), "exit")));
      expect(report).toMatchObject({ detail: "client-done", errorCount: 0 });
      units.add(report.units);
    }
    rmSync(folder, { recursive: true });
    expect(units.size).toBe(1);
    expect(Array.from(units)[0]).toBeGreaterThan(500);
  });

  it("reports a reset as client-gone, however the bytes are wrapped and wherever they go", async () => {
    const headers = [
      "HEADRACE/1 format=mpegts forward=nowhere\n",
      "HEADRACE/1 format=mpegts\n",
      `${POST}${NOWHERE}Content-Length: 9999999\r\n\r\n`,
      `${POST}${NOWHERE}Transfer-Encoding: chunked\r\n\r\n2000\r\n`,
    ];
    const ended = await reports(headers.length, async () => {
      for (const header of headers) {
        const before = bench.fleet.reports.length;
        const client = connect(bench.port, "127.0.0.1");
        client.on("error", () => undefined).resume();
        client.write(header);
        client.write(bytes.subarray(0, 3760));
        const [wanted] = bench.fleet.readyIds();
        await until("it to be carried", () => bench.fleet.carriedBy(wanted).length > 0);
        client.write(bytes.subarray(3760, 7520), () => client.resetAndDestroy());
        await until("its report", () => bench.fleet.reports.length > before);
      }
    });
    expect(ended.map(({ detail }) => detail)).toEqual(headers.map(() => "client-gone"));
  });

  it("answers a discarded body after its end, and sends 100 Continue before it where that is expected", async () => {
    const body = `Content-Length: 5\r\n\r\nhello`;
    const plain = await bench.say(`${POST}${NOWHERE}${body}`);
    expect(plain).toMatch(/^HTTP\/1\.1 200 OK\r\n.*Content-Length: 0\r\n/s);
    const expected = await bench.say(`${POST}${NOWHERE}Expect: 100-continue\r\n${body}`);
    expect(expected).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/);
    const client = connect({ port: bench.port, host: "127.0.0.1", allowHalfOpen: true });
    client.write("HEADRACE/1 format=mpegts forward=nowhere expect=100-continue\n");
    const [first] = await once(client, "data");
    expect(String(first)).toBe("HEADRACE/1 100 Continue\n");
    client.end(bytes);
    const [last] = await once(client, "data");
    expect(String(last)).toBe("HEADRACE/1 200 OK\n");
  });

  it("takes the words of its fields from the query, too, and refuses one that is unknown or said twice", async () => {
    const put = (query: string, field = ""): Promise<string> =>
      bench.say(`PUT /stream?${query} HTTP/1.1\r\nHost: x\r\n${field}Content-Length: 5\r\n\r\nhello`);
    const taken = await put("format=mpegts&forward=nowhere&region=e%75");
    expect(taken).toMatch(/^HTTP\/1\.1 200 OK\r\n.*Content-Length: 0\r\n/s);
    expect(await put("format=mpegts&forward=nowhere&token=secret")).toMatch(/^HTTP\/1\.1 400 .*unknown-query/s);
    expect(await put("format=mpegts&format=frames&forward=nowhere")).toMatch(/^HTTP\/1\.1 400 .*"query"/s);
    expect(await put("format=mpegts", "X-Headrace-Format: mpegts\r\n")).toMatch(/^HTTP\/1\.1 400 .*"query"/s);
    expect(await put("format=mpegts&stream=a%00b")).toMatch(/^HTTP\/1\.1 400 .*"query"/s);
  });

  it("ignores an offer to upgrade to what it does not serve", async () => {
    const body = "Content-Length: 5\r\n\r\nhello";
    for (const offer of ["h2c", "h2c, foo/2", "websocket", "TLS/1.0"]) {
      const offers = `Connection: Upgrade, HTTP2-Settings\r\nUpgrade: ${offer}\r\nHTTP2-Settings: AAMAAABkAAQ\r\n`;
      const answer = await bench.say(`${POST}${NOWHERE}${offers}${body}`);
      expect(answer, offer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    }
    const metrics = await bench.say("GET /metrics HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n");
    expect(metrics).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  });

  it("gives HTTP/1.0 no chunks, no 100 and no WebSocket", async () => {
    const old = POST.replace("HTTP/1.1", "HTTP/1.0");
    const answer = await bench.say(`${old}Expect: 100-continue\r\nContent-Length: 5\r\n\r\nhello`);
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answer).not.toMatch(/Transfer-Encoding/i);
    expect(answer.slice(answer.indexOf("\r\n\r\n"))).toBe("\r\n\r\nhello");
    const key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";
    const get = "GET /stream HTTP/1.0\r\nX-Headrace-Format: mpegts\r\n";
    expect(await bench.say(`${get}Upgrade: websocket\r\nConnection: Upgrade\r\n${key}\r\n`)).toMatch(
      /^HTTP\/1\.1 400 /,
    );
    expect(await bench.say(`${old}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`)).toMatch(/^HTTP\/1\.1 400 /);
  });

  it("chooses a WebSocket subprotocol of those offered: the one that names the format, else the first", async () => {
    for (const [offered, chosen] of [
      [["chat", "mpegts"], "mpegts"],
      [["a", "b"], "a"],
    ] as const) {
      const socket = new WebSocket(`ws://127.0.0.1:${bench.port}/stream`, [...offered], {
        headers: { "x-headrace-format": "mpegts" },
      });
      await once(socket, "open");
      expect(socket.protocol).toBe(chosen);
      socket.close(1000);
      await once(socket, "close");
    }
  });
});

describe("the pages and methods of the gateway", () => {
  let bench: GatewayBench;
  beforeAll(async () => {
    bench = await GatewayBench.start("node");
  });
  afterAll(() => bench.close());

  it.each([
    ["GET /metrics?x HTTP/1.1\r\nHost: x\r\n\r\n", 200],
    ["GET /health?verbose HTTP/1.1\r\nHost: x\r\n\r\n", 200],
    ["GET http://x/health HTTP/1.1\r\nHost: y\r\n\r\n", 200],
    ["\r\nGET /health HTTP/1.1\r\nHost: x\r\n\r\n", 200],
    ["GET /health HTTP/1.1\r\nHost: x\r\nUser-Agent: Prüfer\r\n\r\n", 200],
    ["GET /health HTTP/1.0\r\n\r\n", 200],
    ["GET /health/ HTTP/1.1\r\nHost: x\r\n\r\n", 404],
    ["GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n", 404],
    ["POST /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", 404],
  ])("answers %j with %i, whatever format is named or not", async (text, status) => {
    expect(await bench.say(text)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  });

  it("answers a wrong method with 405 and Allow, and OPTIONS", async () => {
    expect(await bench.say("DELETE /stream HTTP/1.1\r\nHost: x\r\n\r\n")).toMatch(
      /^HTTP\/1\.1 405 .*\r\nAllow: GET, POST, PUT, OPTIONS\r\n/s,
    );
    expect(await bench.say("POST /health HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")).toMatch(
      /^HTTP\/1\.1 405 .*\r\nAllow: GET, HEAD, OPTIONS\r\n/s,
    );
    for (const [target, allow] of [
      ["/metrics", "GET, HEAD, OPTIONS"],
      ["*", "GET, HEAD, POST, PUT, OPTIONS"],
    ])
      expect(await bench.say(`OPTIONS ${target} HTTP/1.1\r\nHost: x\r\n\r\n`)).toMatch(
        new RegExp(`^HTTP/1\\.1 204 .*\\r\\nAllow: ${allow}\\r\\n`, "s"),
      );
  });

  it("answers HEAD as GET, without a body", async () => {
    const [head, get] = await Promise.all(
      ["HEAD", "GET"].map((method) => bench.say(`${method} /health HTTP/1.1\r\nHost: x\r\n\r\n`)),
    );
    expect(get).toBe(`${head}{"status":"up"}\n`);
    expect(await bench.say("HEAD /nothing HTTP/1.1\r\nHost: x\r\n\r\n")).toMatch(/^HTTP\/1\.1 404 .*\r\n\r\n$/s);
  });

  it("refuses requests from pages of other sites, by Host and Origin, WebSockets included", async () => {
    const post = "Content-Length: 5\r\nX-Headrace-Format: mpegts\r\n";
    const handshake =
      "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: " +
      "13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nX-Headrace-Format: mpegts\r\n";
    for (const [host, more] of [
      ["evil.example:7201", ""],
      ["127.0.0.1", "Origin: http://evil.example\r\n"],
      ["127.0.0.1", "Origin: null\r\n"],
      ["127.0.0.1", "Sec-Fetch-Site: cross-site\r\n"],
    ]) {
      const first = `HTTP/1.1\r\nHost: ${host}\r\n${more}`;
      for (const text of [
        `POST /stream ${first}${post}\r\nhello`,
        `GET /stream ${first}${handshake}\r\n`,
        `GET /metrics ${first}\r\n`,
      ])
        expect(await bench.say(text), text).toMatch(/^HTTP\/1\.1 403 .*"(foreign-host|cross-site)"/s);
    }
    for (const host of ["localhost:1", "[::1]:1", "10.0.0.1", "a.localhost"])
      expect(await bench.say(`GET /metrics HTTP/1.1\r\nHost: ${host}\r\nOrigin: http://${host}\r\n\r\n`), host).toMatch(
        /^HTTP\/1\.1 200 /,
      );
  });
});
