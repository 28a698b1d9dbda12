import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import * as ws from "ws";
import { CRC32C_START, crc32c, crc32cEnd } from "../../src/live/formats/checksums/crc32c.js";
import { nativeStreamlet } from "../../src/live/machine/launch-command.js";
import { mutate } from "../live/formats/bytes.js";
import { runtimes } from "../live/live-bench.js";
import { BINARY, closing, frame, PING, TEXT } from "../live/streamlet/client-frames.js";

const INPUTS = 100_000;
const BATCH = 250;
const native = runtimes().includes("native");
if (!native) console.warn("skipped: the C WebSocket reader, since the native streamlet is not built");

/** What the library exports, and its types do not know. */
const { Receiver } = ws as unknown as { Receiver: new (options: object) => Writable };

/** What the library makes of a client's bytes, as `streamlet --check websocket` writes it. */
async function seenBy(bytes: Uint8Array): Promise<string> {
  let [messages, pings, size, crc, end] = [0, 0, 0, CRC32C_START, "open 0"];
  const receiver = new Receiver({ isServer: true, maxPayload: 1_048_576, allowSynchronousEvents: true });
  receiver.on("message", (data: Buffer) => {
    messages++;
    size += data.length;
    crc = crc32c(crc, data, 0, data.length);
  });
  receiver.on("ping", () => pings++);
  receiver.on("conclude", (code: number) => {
    end = `close ${code}`;
  });
  receiver.on("error", (error) => {
    const status = Object.getOwnPropertySymbols(error).find((symbol) => symbol.description === "status-code");
    end = `broken ${status === undefined ? error.message : (error as unknown as Record<symbol, number>)[status]}`;
  });
  const cut = Math.floor(bytes.length / 3);
  receiver.write(bytes.subarray(0, cut));
  if (!receiver.writableEnded) receiver.write(bytes.subarray(cut));
  // An error is reported in the next turn of the event loop.
  await new Promise((resolve) => setImmediate(resolve));
  return `${messages} ${pings} ${size} ${crc32cEnd(crc)} ${end}`;
}

const long = new Uint8Array(400).map((_, i) => i);
const samples = [
  [frame(BINARY, long), frame(BINARY, long.subarray(0, 20)), frame(PING, long.subarray(0, 5)), closing(1000)],
  [
    frame(TEXT, Buffer.from("grüße")),
    frame(TEXT, Buffer.from("日本🚰"), false),
    frame(0, Buffer.from("é")),
    closing(3001),
  ],
  [
    frame(BINARY, long.subarray(0, 9), false),
    frame(PING),
    frame(0),
    frame(0, long, false),
    frame(10),
    frame(0),
    frame(BINARY),
  ],
  [frame(BINARY, new Uint8Array(66_000)), frame(BINARY, long.subarray(0, 125)), frame(BINARY, long.subarray(0, 126))],
].map((frames) => new Uint8Array(Buffer.concat(frames)));

describe.skipIf(!native)("the native WebSocket reader", () => {
  it("sees what the library sees, in 100,000 mutated connections", { timeout: 300_000 }, async () => {
    const child = spawn(nativeStreamlet(), ["--check", "websocket"], { stdio: ["pipe", "pipe", "inherit"] });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const exited = once(child, "exit");
    const ends = new Map<string, number>();
    for (let seed = 0; seed < INPUTS; ) {
      const batch: Buffer[] = [];
      const expected: string[] = [];
      for (let i = 0; i < BATCH; i++, seed++) {
        // The long one costs as much as a hundred others.
        const sample = seed % 200 === 0 ? samples[3] : samples[seed % 3];
        const bytes = mutate(sample, seed, (seed >> 3) % 4);
        const prefix = Buffer.alloc(4);
        prefix.writeUInt32BE(bytes.length);
        batch.push(prefix, Buffer.from(bytes));
        const seen = await seenBy(bytes);
        expected.push(seen);
        const end = seen.replace(/^.* (\w+ \d+)$/, "$1");
        ends.set(end, (ends.get(end) ?? 0) + 1);
      }
      child.stdin.write(Buffer.concat(batch));
      for (let i = 0; i < expected.length; i++) {
        const { value } = await lines.next();
        if (value !== expected[i])
          throw new Error(`input ${seed - BATCH + i}: native ${value}, library ${expected[i]}`);
      }
      if (seed >= INPUTS) child.stdin.end();
    }
    expect((await exited)[0]).toBe(0);
    // Every way to end was met, and often.
    for (const end of ["open 0", "close 1000", "broken 1002", "broken 1007", "broken 1009"])
      expect(ends.get(end) ?? 0).toBeGreaterThan(100);
  });
});
