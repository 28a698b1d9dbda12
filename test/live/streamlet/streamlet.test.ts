import { randomBytes } from "node:crypto";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeFrame } from "../../../src/live/formats/decoders/frames.js";
import { MpegTsWriter } from "../../../src/live/formats/mpegts/writer.js";
import { noLimits } from "../../../src/live/limits/limits.js";
import { monotonicMs } from "../../../src/live/machine/host-clock.js";
import { ChunkedInlet } from "../../../src/live/streamlet/inlet.js";
import { HostBench, received, runtimes, until } from "../live-bench.js";

const bytes = new MpegTsWriter(4_000_000).take(3000);
let bench: HostBench;

function unchunked(body: Uint8Array): Buffer {
  const parts: Buffer[] = [];
  const inlet = new ChunkedInlet();
  expect(inlet.push(body, (part) => parts.push(Buffer.from(part)))).toBe(true);
  expect(inlet.done).toBe(true);
  return Buffer.concat(parts);
}

describe.each(runtimes())("a streamlet process (%s)", (runtime) => {
  beforeAll(async () => {
    bench = new HostBench(runtime);
    await bench.launch(1);
  });
  afterAll(() => bench.close());

  it("takes a socket, checks its bytes and echoes them, those from before the hand-over included", async () => {
    const client = await bench.open(
      1,
      { stream: 10, reply: Buffer.from("OK\n").toString("base64") },
      bytes.subarray(0, 100),
    );
    const answer = received(client);
    client.end(bytes.subarray(100));
    const whole = await answer;
    expect(whole.subarray(0, 3).toString()).toBe("OK\n");
    expect(whole.subarray(3).equals(bytes)).toBe(true);
    expect(await bench.report(10)).toMatchObject({
      end: "completed",
      detail: "client-done",
      units: 3000,
      bytesIn: bytes.length,
      bytesOut: bytes.length,
      errorCount: 0,
    });
  });

  it("puts the bytes that the gateway had read before those that follow", async () => {
    const head = Buffer.from(bytes.subarray(0, 1000)).toString("base64");
    const client = await bench.open(1, { stream: 11, head });
    const answer = received(client);
    client.end(bytes.subarray(1000));
    expect((await answer).equals(bytes)).toBe(true);
    expect(await bench.report(11)).toMatchObject({ errorCount: 0, units: 3000 });
  });

  it("counts planted faults exactly", async () => {
    const damaged = bytes.slice();
    damaged[500 * 188] ^= 1;
    const client = await bench.open(1, { stream: 12 });
    const answer = received(client);
    client.write(damaged.subarray(0, 700 * 188));
    client.end(damaged.subarray(702 * 188));
    expect((await answer).length).toBe(bytes.length - 2 * 188);
    const report = await bench.report(12);
    expect(report.errors).toMatchObject({ syncByteErrors: 1, lostPackets: 2 });
    expect(report.errorCount).toBe(3);
  });

  it.each(["raw", "chunked"] as const)(
    "gives back every byte as it was to a client that reads late (%s)",
    async (transport) => {
      // More than the system's buffers on the way hold.
      const sent = randomBytes(32_000_000);
      const client = await bench.open(1, { stream: transport === "raw" ? 27 : 28, transport });
      if (transport === "chunked") client.write(`${sent.length.toString(16)}\r\n`);
      for (let at = 0; at < sent.length; at += 50_000) client.write(sent.subarray(at, at + 50_000));
      if (transport === "chunked") client.write("\r\n0\r\n\r\n");
      else client.end();
      let [before, unchanged] = [-1, 0];
      await until("all that lies between to be full", () => {
        unchanged = client.writableLength === before ? unchanged + 1 : 0;
        before = client.writableLength;
        return before > 0 && unchanged === 5;
      });
      const back = await received(client);
      client.end();
      expect((transport === "raw" ? back : unchunked(back)).equals(sent)).toBe(true);
    },
  );

  it("forwards to an upstream, and reports a stream without its upstream as interrupted", async () => {
    const got: Buffer[] = [];
    const upstream = createServer((socket) => socket.on("data", (chunk) => got.push(chunk)));
    await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
    const { port } = upstream.address() as AddressInfo;
    const client = await bench.open(1, {
      stream: 13,
      format: "frames",
      forward: { to: "upstream", host: "127.0.0.1", port },
    });
    client.resume();
    const frames = Buffer.concat([0, 1, 2].map((i) => encodeFrame(bytes.subarray(0, 5000), i)));
    client.end(frames);
    expect(await bench.report(13)).toMatchObject({ end: "completed", units: 3, errorCount: 0 });
    expect(Buffer.concat(got).equals(frames)).toBe(true);
    upstream.close();
    const lonely = await bench.open(1, { stream: 14, forward: { to: "upstream", host: "127.0.0.1", port } });
    lonely.resume();
    expect(await bench.report(14)).toMatchObject({ end: "interrupted", detail: "upstream-failed" });
  });

  it("forwards the bytes behind the header, and those that follow, before the upstream is connected", async () => {
    const got: Buffer[] = [];
    const upstream = createServer((socket) => socket.on("data", (chunk) => got.push(chunk)));
    await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
    const { port } = upstream.address() as AddressInfo;
    const head = Buffer.from(bytes.subarray(0, 1000)).toString("base64");
    const forward = { to: "upstream", host: "127.0.0.1", port } as const;
    const client = await bench.open(1, { stream: 29, head, forward }, bytes.subarray(1000));
    client.resume();
    client.end();
    expect(await bench.report(29)).toMatchObject({ end: "completed", units: 3000, errorCount: 0 });
    expect(Buffer.concat(got).equals(bytes)).toBe(true);
    upstream.close();
  });

  it("brings a download from an upstream, checked on its way", async () => {
    const upstream = createServer((socket) => socket.end(bytes));
    await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
    const { port } = upstream.address() as AddressInfo;
    const client = await bench.open(1, { stream: 15, forward: { to: "client-from", host: "127.0.0.1", port } });
    expect((await received(client)).equals(bytes)).toBe(true);
    expect(await bench.report(15)).toMatchObject({ end: "completed", detail: "upstream-done", units: 3000 });
    upstream.close();
  });

  it("ends streams of silent, endless and vanished clients, each with its reason", async () => {
    const silent = await bench.open(1, { stream: 16, idleTimeoutMs: 100 });
    silent.resume();
    expect(await bench.report(16)).toMatchObject({ end: "completed", detail: "idle" });
    const endless = await bench.open(1, { stream: 17, maxBytes: 10_000, forward: { to: "nowhere" } });
    endless.resume();
    endless.write(bytes.subarray(0, 20_000));
    expect(await bench.report(17)).toMatchObject({ end: "completed", detail: "too-large" });
    const vanished = await bench.open(1, { stream: 18 });
    vanished.write(bytes.subarray(0, 188));
    vanished.once("data", () => vanished.resetAndDestroy());
    expect(await bench.report(18)).toMatchObject({ end: "completed", detail: "client-gone", bytesIn: 188 });
  });

  it("reports the time from a stream's assignment to its hand-over, by a clock that the gateway shares", async () => {
    const givenAtMs = monotonicMs();
    const client = await bench.open(1, { stream: 25, givenAtMs });
    client.end(bytes.subarray(0, 188));
    client.resume();
    const { handOverMs } = await bench.report(25);
    expect(handOverMs).toBeGreaterThan(0);
    expect(handOverMs).toBeLessThan(monotonicMs() - givenAtMs);
    const strange = await bench.open(1, { stream: 26, format: "mp4" });
    strange.resume();
    expect(await bench.report(26)).toMatchObject({ detail: "refused", handOverMs: null });
  });

  it("closes a stream on order, and refuses a format that it was not started for", async () => {
    const client = await bench.open(1, { stream: 19 });
    const broken = new Promise((resolve) => client.on("error", resolve));
    client.resume();
    bench.host.close(1, 19);
    expect(await bench.report(19)).toMatchObject({ end: "interrupted", detail: "closed" });
    expect(await broken).toMatchObject({ code: "ECONNRESET" });
    const strange = await bench.open(1, { stream: 20, format: "mp4" });
    strange.resume();
    expect(await bench.report(20)).toMatchObject({ end: "interrupted", detail: "refused" });
  });

  it("refuses a format that it can decode, but was not started for", async () => {
    const isolation = { connects: true };
    const of = { name: "one", runtime, formats: ["mpegts"], limits: noLimits, isolation };
    const other = new HostBench(runtime, {}, {}, undefined, of);
    await other.launch(1);
    const client = await other.open(1, { stream: 1, format: "frames" });
    client.resume();
    expect(await other.report(1)).toMatchObject({ end: "interrupted", detail: "refused" });
    await other.close();
  });

  it("takes the chunks off an upload, and answers in chunks", async () => {
    const reply = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    const client = await bench.open(1, {
      stream: 22,
      transport: "chunked",
      reply: Buffer.from(reply).toString("base64"),
    });
    const answer = received(client);
    for (let at = 0; at < bytes.length; at += 30_000) {
      const part = bytes.subarray(at, at + 30_000);
      client.write(`${part.length.toString(16)};x=1\r\n`);
      client.write(part);
      client.write("\r\n");
    }
    client.write("0\r\nTrailer: yes\r\n\r\n");
    const whole = await answer;
    client.end();
    expect(whole.subarray(0, reply.length).toString()).toBe(reply);
    expect(unchunked(whole.subarray(reply.length)).equals(bytes)).toBe(true);
    expect(await bench.report(22)).toMatchObject({ detail: "client-done", units: 3000, errorCount: 0 });
  });

  it("ends an upload that breaks the rules of its transport, or ends too early", async () => {
    const wrong = await bench.open(1, { stream: 23, transport: "chunked" });
    wrong.resume();
    wrong.write("5\r\nhello!!");
    expect(await bench.report(23)).toMatchObject({ end: "completed", detail: "malformed" });
    const short = await bench.open(1, { stream: 24, transport: "length", bodyBytes: 1000 });
    short.resume();
    short.end(bytes.subarray(0, 999));
    expect(await bench.report(24)).toMatchObject({ detail: "malformed", bytesIn: 999 });
  });

  it("reports with its heartbeat which open streams have had an error", async () => {
    const damaged = bytes.slice();
    damaged[188 * 50] = 0;
    const [broken, sound] = [await bench.open(1, { stream: 71 }), await bench.open(1, { stream: 72 })];
    for (const client of [broken, sound]) client.resume();
    broken.write(damaged);
    sound.write(bytes);
    await until("a beat that names it", () => bench.beats.get(1)?.degraded !== undefined);
    expect(bench.beats.get(1)?.degraded).toEqual([71]);
    broken.end();
    await bench.report(71);
    await until("a beat that names none", () => bench.beats.get(1)?.degraded === undefined);
    sound.end();
    expect(await bench.report(72)).toMatchObject({ errorCount: 0 });
  });

  it("reports load and quality with its heartbeat", async () => {
    const client = await bench.open(1, { stream: 21 });
    client.resume();
    client.write(bytes);
    await until("a beat that shows the stream", () => (bench.beats.get(1)?.open ?? 0) === 1);
    await until("a beat that shows its bytes", () => (bench.beats.get(1)?.bytesIn ?? 0) >= bytes.length);
    expect(bench.beats.get(1)?.rssBytes).toBeGreaterThan(100_000);
    client.destroy();
    await bench.report(21);
  });
});
