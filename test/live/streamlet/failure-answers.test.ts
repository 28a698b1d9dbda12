import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MpegTsWriter } from "../../../src/live/formats/mpegts/writer.js";
import { failureText } from "../../../src/live/wire/refusal-text.js";
import type { StreamOrder } from "../../../src/live/wire/stream-order.js";
import type { EndDetail } from "../../../src/live/wire/stream-report.js";
import { HostBench, runtimes } from "../live-bench.js";

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
const bytes = new MpegTsWriter(4_000_000).take(2000);
let bench: HostBench;
let stream = 1;

/** All that a client reads until the other side ends or resets. */
async function answerOf(client: Socket): Promise<string> {
  let text = "";
  client.on("data", (chunk) => {
    text += chunk.toString("latin1");
  });
  await once(client, client.destroyed ? "close" : "end").catch(() => undefined);
  client.destroy();
  return text;
}

interface Tried {
  readonly answer: string;
  readonly detail: EndDetail;
  readonly end: string;
}

/**
 * The answer to a client whose stream has this order and that sends these bytes. An order with a
 * first reply has no final one.
 */
async function tryOrder(order: Partial<StreamOrder>, ...pieces: (string | Uint8Array)[]): Promise<Tried> {
  const id = stream++;
  const final = order.reply === undefined ? { finalReply: base64("HTTP/1.1 200 OK\r\n\r\n") } : {};
  const client = await bench.open(1, { ...final, ...order, stream: id });
  for (const piece of pieces) client.write(piece);
  const answer = await answerOf(client);
  const { detail, end } = await bench.report(id);
  return { answer, detail, end };
}

async function listen(onSocket: (socket: Socket) => void): Promise<{ server: Server; port: number }> {
  const server = createServer((socket) => onSocket(socket.on("error", () => undefined)));
  await once(server.listen(0, "127.0.0.1"), "listening");
  return { server, port: (server.address() as AddressInfo).port };
}

/** A port without a listener. */
async function closedPort(): Promise<number> {
  const { server, port } = await listen(() => undefined);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe.each(runtimes())("a stream that fails before its client was answered (%s)", (runtime) => {
  beforeAll(async () => {
    bench = new HostBench(runtime);
    await bench.launch(1);
  });
  afterAll(() => bench.close());

  const upstream = (port: number): Pick<StreamOrder, "forward"> => ({
    forward: { to: "upstream", host: "127.0.0.1", port },
  });

  it("is answered 502 where its upstream is not there, however short its body is", async () => {
    const order = { ...upstream(await closedPort()), transport: "length" } as const;
    const failed = { answer: failureText("http", "upstream-failed"), detail: "upstream-failed", end: "interrupted" };
    expect(failed.answer).toMatch(/^HTTP\/1\.1 502 Bad Gateway\r\n.*\r\n\r\n\{"error":"upstream-failed"\}\n$/s);
    expect(await tryOrder({ ...order, bodyBytes: 188 }, bytes.subarray(0, 188))).toEqual(failed);
    expect(await tryOrder({ ...order, bodyBytes: 188_000 }, bytes.subarray(0, 188))).toEqual(failed);
    const raw = await tryOrder({ ...order, transport: "raw" }, bytes.subarray(0, 188));
    expect(raw.answer).toBe("HEADRACE/1 502 upstream-failed\n");
  });

  it("is answered 502 where its upstream resets while the client still sends", async () => {
    const { server, port } = await listen((socket) => socket.once("data", () => socket.resetAndDestroy()));
    const body = [`${bytes.length.toString(16)}\r\n`, bytes, `\r\n${bytes.length.toString(16)}\r\n`, bytes, "\r\n"];
    const tried = await tryOrder({ ...upstream(port), transport: "chunked" }, ...body);
    server.close();
    expect(tried).toMatchObject({ detail: "upstream-failed", answer: failureText("http", "upstream-failed") });
  });

  it("is answered 502 in place of a download whose source is not there", async () => {
    const forward = { to: "client-from", host: "127.0.0.1", port: await closedPort() } as const;
    const order = { forward, transport: "download", reply: base64(head) } as const;
    expect((await tryOrder(order)).answer).toBe(failureText("http", "upstream-failed"));
    const { server, port } = await listen((socket) => socket.end(bytes.subarray(0, 188)));
    const served = await tryOrder({ ...order, forward: { ...forward, port } });
    server.close();
    expect(served.answer.slice(0, head.length + 4)).toBe(`${head}bc\r\n`);
    expect(served).toMatchObject({ detail: "upstream-done", end: "completed" });
  });

  it("is answered with the status of what was wrong with it", async () => {
    const order = { forward: { to: "nowhere" }, transport: "chunked" } as const;
    const tried = [
      await tryOrder(order, "5\r\nhello!!"),
      await tryOrder({ ...order, maxBytes: 1000 }, "1000\r\n", bytes.subarray(0, 4096)),
      await tryOrder({ ...order, idleTimeoutMs: 50 }, "1000\r\n"),
    ];
    expect(tried.map(({ detail }) => detail)).toEqual(["malformed", "too-large", "idle"]);
    for (const { answer, detail } of tried) expect(answer).toBe(failureText("http", detail));
    expect(tried.map(({ answer }) => answer.slice(9, 12))).toEqual(["400", "413", "408"]);
  });

  it("is answered 200 only once its upstream has taken everything", async () => {
    let [got, isEnded] = [0, false];
    const { server, port } = await listen((socket) => {
      socket.on("data", (chunk) => {
        got += chunk.length;
      });
      socket.on("end", () => {
        isEnded = true;
      });
    });
    const tried = await tryOrder({ ...upstream(port), transport: "length", bodyBytes: bytes.length }, bytes);
    expect(tried).toMatchObject({ answer: "HTTP/1.1 200 OK\r\n\r\n", detail: "client-done", end: "completed" });
    expect([got, isEnded]).toEqual([bytes.length, true]);
    server.close();
  });

  it("is reset where its answer has begun already", async () => {
    const order = { transport: "chunked", reply: base64(head) } as const;
    const tried = await tryOrder(order, "5\r\nhello!!");
    expect(tried).toMatchObject({ answer: expect.stringMatching(/^HTTP\/1\.1 200 OK/), detail: "malformed" });
    expect(tried.answer).not.toContain("400");
  });
});
