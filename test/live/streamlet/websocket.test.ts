import { createHash } from "node:crypto";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MpegTsWriter } from "../../../src/live/formats/mpegts/writer.js";
import type { StreamOrder } from "../../../src/live/wire/stream-order.js";
import { HostBench, runtimes, until } from "../live-bench.js";
import { BINARY, CLOSE, closing, frame, PING, TEXT } from "./client-frames.js";

const KEY = "dGhlIHNhbXBsZSBub25jZQ==";
const PONG = 10;
const bytes = Buffer.from(new MpegTsWriter(4_000_000).take(1000));
let bench: HostBench;
let stream = 0;

interface Frame {
  readonly opcode: number;
  readonly payload: Buffer;
}

/** A client that reads frames. */
class Client {
  head = "";
  readonly frames: Frame[] = [];
  ended = false;
  private rest: Buffer = Buffer.alloc(0);

  constructor(readonly socket: Socket) {
    socket.on("data", (chunk) => {
      this.rest = Buffer.concat([this.rest, chunk]);
      this.read();
    });
    socket.on("end", () => {
      this.ended = true;
    });
    socket.on("close", () => {
      this.ended = true;
    });
  }

  static async open(order: Partial<StreamOrder> = {}, first?: Uint8Array): Promise<Client> {
    const reply = Buffer.from(KEY).toString("base64");
    const client = new Client(
      await bench.open(1, { stream: ++stream, transport: "websocket", reply, ...order }, first),
    );
    await until("the handshake", () => client.head !== "" || client.ended);
    return client;
  }

  get payload(): Buffer {
    return Buffer.concat(this.frames.filter(({ opcode }) => opcode === BINARY).map(({ payload }) => payload));
  }

  /** The status of the close frame, once there is one. */
  async status(): Promise<number> {
    await until("a close frame", () => this.ended || this.frames.some(({ opcode }) => opcode === CLOSE));
    const found = this.frames.find(({ opcode }) => opcode === CLOSE);
    if (found === undefined) return 1006;
    return found.payload.length === 0 ? 1005 : found.payload.readUInt16BE(0);
  }

  private read(): void {
    if (this.head === "") {
      const end = this.rest.indexOf("\r\n\r\n");
      if (end < 0) return;
      this.head = this.rest.toString("latin1", 0, end);
      this.rest = this.rest.subarray(end + 4);
    }
    for (;;) {
      if (this.rest.length < 2) return;
      const short = this.rest[1];
      const at = short === 126 ? 4 : short === 127 ? 10 : 2;
      if (this.rest.length < at) return;
      const length = short < 126 ? short : short === 126 ? this.rest.readUInt16BE(2) : this.rest.readUInt32BE(6);
      if (this.rest.length < at + length) return;
      this.frames.push({ opcode: this.rest[0] & 15, payload: this.rest.subarray(at, at + length) });
      this.rest = this.rest.subarray(at + length);
    }
  }
}

describe.each(runtimes().filter((runtime) => runtime !== "zygote"))("a WebSocket on a streamlet (%s)", (runtime) => {
  beforeAll(async () => {
    bench = new HostBench(runtime);
    await bench.launch(1);
  });
  afterAll(() => bench.close());

  it("answers the handshake as RFC 6455 has it, and sends each message back as one", async () => {
    const client = await Client.open();
    expect(client.head).toContain("HTTP/1.1 101 Switching Protocols");
    const accept = createHash("sha1").update(`${KEY}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
    expect(accept).toBe("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    expect(client.head).toMatch(new RegExp(`^Sec-WebSocket-Accept: ${accept.replaceAll("+", "\\+")}$`, "im"));
    const sizes = [1000, 10, 66_000, 124, 0, bytes.length - 67_134];
    let at = 0;
    for (const size of sizes) {
      client.socket.write(frame(BINARY, bytes.subarray(at, at + size)));
      at += size;
    }
    await until("all messages", () => client.frames.length === sizes.length);
    expect(client.frames.map(({ payload }) => payload.length)).toEqual(sizes);
    expect(client.payload.equals(bytes)).toBe(true);
    client.socket.write(closing(1000));
    expect(await client.status()).toBe(1000);
    client.socket.end();
    expect(await bench.report(stream)).toMatchObject({
      end: "completed",
      detail: "client-done",
      units: 1000,
      bytesIn: bytes.length,
      bytesOut: bytes.length,
      errorCount: 0,
    });
  });

  it("puts messages together that come in pieces, cut anywhere, with a ping between", async () => {
    const parts = [
      frame(BINARY, bytes.subarray(0, 100), false),
      frame(PING, Buffer.from("are you there")),
      frame(0, bytes.subarray(100, 300), false),
      frame(0, bytes.subarray(300, 376)),
      frame(TEXT, Buffer.from("grüße 🚰")),
    ];
    const client = await Client.open({}, Buffer.concat(parts).subarray(0, 3));
    for (const byte of Buffer.concat(parts).subarray(3)) client.socket.write(Buffer.from([byte]));
    await until("a pong and two messages", () => client.frames.length === 3);
    const [pong, first, second] = client.frames;
    expect(pong).toMatchObject({ opcode: PONG });
    expect(pong.payload.toString()).toBe("are you there");
    expect(first.payload.equals(bytes.subarray(0, 376))).toBe(true);
    expect(second.payload.toString()).toBe("grüße 🚰");
    client.socket.write(frame(CLOSE));
    expect([1000, 1005]).toContain(await client.status());
    client.socket.end();
    expect(await bench.report(stream)).toMatchObject({ detail: "client-done" });
  });

  it.each([
    ["a frame without a mask", Buffer.from([0x82, 0]), 1002],
    ["a reserved bit", frame(BINARY, bytes.subarray(0, 9), true, 0x40), 1002],
    ["an unknown opcode", frame(3), 1002],
    ["a continuation of nothing", frame(0, bytes.subarray(0, 9)), 1002],
    ["a message within a message", Buffer.concat([frame(BINARY, bytes.subarray(0, 9), false), frame(BINARY)]), 1002],
    ["a ping in pieces", frame(PING, Buffer.from("x"), false), 1002],
    ["a ping that is too long", frame(PING, bytes.subarray(0, 126)), 1002],
    ["a close frame of one byte", frame(CLOSE, Buffer.from([3])), 1002],
    ["a close status that is none", closing(1005), 1002],
    ["text that is none", frame(TEXT, Buffer.from([0xed, 0xa0, 0x80])), 1007],
    ["a message that is too large", frame(BINARY, new Uint8Array(1_048_577)).subarray(0, 14), 1009],
  ])("ends a connection with %s, and says why", async (_, wrong, status) => {
    const client = await Client.open();
    client.socket.write(wrong);
    expect(await client.status()).toBe(status);
    expect(await bench.report(stream)).toMatchObject({ end: "completed", detail: "malformed" });
  });

  it("separates a client that vanishes from one that sends a close frame", async () => {
    const client = await Client.open();
    client.socket.write(frame(BINARY, bytes.subarray(0, 188)));
    await until("its echo", () => client.frames.length === 1);
    client.socket.end();
    expect(await bench.report(stream)).toMatchObject({ end: "completed", detail: "client-gone", bytesIn: 188 });
    const unhappy = await Client.open();
    unhappy.socket.write(closing(1011));
    expect(await bench.report(stream)).toMatchObject({ end: "completed", detail: "malformed" });
  });

  it("brings a download as messages, and says when it is over", async () => {
    const upstream = createServer((socket) => socket.end(bytes));
    await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
    const { port } = upstream.address() as AddressInfo;
    const client = await Client.open({ forward: { to: "client-from", host: "127.0.0.1", port } });
    expect(await client.status()).toBe(1000);
    client.socket.end(closing(1000));
    expect(client.payload.equals(bytes)).toBe(true);
    expect(await bench.report(stream)).toMatchObject({ end: "completed", detail: "upstream-done", units: 1000 });
    upstream.close();
  });
});
