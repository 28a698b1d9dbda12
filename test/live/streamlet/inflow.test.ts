import { randomBytes } from "node:crypto";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { createDecoder } from "../../../src/live/formats/decoders/mpegts.js";
import { Stream } from "../../../src/live/streamlet/stream.js";
import type { RawSocket } from "../../../src/live/wire/raw-pipe.js";
import { unwrap } from "../../../src/live/wire/socket-handover.js";
import type { StreamReport } from "../../../src/live/wire/stream-report.js";
import { rawOrder, received, until } from "../live-bench.js";

const PIECE_BYTES = 4096;

interface Pair {
  readonly client: Socket;
  /** As it comes over a direct pipe. */
  readonly handle: RawSocket & { readonly reading: boolean };
}

async function connected(): Promise<Pair> {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const accepted = new Promise<Socket>((resolve) => server.once("connection", resolve));
  const { port } = server.address() as AddressInfo;
  const client = connect({ port, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
  const handle = unwrap(await accepted) as Pair["handle"];
  server.close();
  return { client, handle };
}

describe("what a streamlet reads into the same memory", () => {
  it("is left alone while it waits to be sent, and is read elsewhere meanwhile", async () => {
    const { client, handle } = await connected();
    let bytesIn = 0;
    let report: StreamReport | undefined;
    const owner = {
      nowMs: () => 0,
      count: (bytes: number) => {
        bytesIn += bytes;
      },
      pauseAfter: () => 0,
      onEnded: (told: StreamReport) => {
        report = told;
      },
    };
    const taken = { order: { ...rawOrder, stream: 1 }, handle, handOverMs: 0 };
    new Stream(taken, createDecoder(), owner, undefined);
    const sent: Buffer[] = [];
    // The client does not read: pieces queue up, each read separately, until reading stops.
    const takesMore = (): boolean => bytesIn === sent.length * PIECE_BYTES;
    while (handle.reading) {
      const piece = randomBytes(PIECE_BYTES);
      sent.push(piece);
      client.write(piece);
      await until("the piece to be read, or reading to stop", () => takesMore() || !handle.reading);
    }
    client.end();
    const back = await received(client);
    expect(back.equals(Buffer.concat(sent))).toBe(true);
    await until("the report", () => report !== undefined);
    expect(report).toMatchObject({ end: "completed", bytesIn: back.length, bytesOut: back.length });
  });
});
