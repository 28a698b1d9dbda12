import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MpegTsWriter } from "../../../src/live/formats/mpegts/writer.js";
import { HostBench, runtimes } from "../live-bench.js";

const RESETS = 20;
const bytes = new MpegTsWriter(4_000_000).take(600);
let bench: HostBench;
let stream = 1;

describe.each(runtimes())("the end of a stream (%s)", (runtime) => {
  beforeAll(async () => {
    bench = new HostBench(runtime);
    await bench.launch(1);
  });
  afterAll(() => bench.close());

  it.each([
    { what: "an echo", order: {}, head: "" },
    { what: "an upload", order: { forward: { to: "nowhere" } }, head: "" },
    { what: "a chunked upload", order: { transport: "chunked", forward: { to: "nowhere" } }, head: "100000\r\n" },
  ] as const)(
    "is that of a client that is gone where it was reset, whatever came right before ($what)",
    async (given) => {
      for (let i = 0; i < RESETS; i++) {
        const id = stream++;
        const client = await bench.open(1, { ...given.order, stream: id });
        client.write(given.head);
        // Each time the reset comes at another moment after the bytes.
        await new Promise<void>((resolve) => client.write(bytes, () => resolve()));
        for (let turn = 0; turn < i % 4; turn++) await new Promise((resolve) => setImmediate(resolve));
        client.resetAndDestroy();
        expect(await bench.report(id)).toMatchObject({ end: "completed", detail: "client-gone" });
      }
    },
  );

  it("is a regular one where the client closed its side, however much of the echo it has still to read", async () => {
    const id = stream++;
    const client = await bench.open(1, { stream: id });
    client.pause();
    client.end(bytes);
    setTimeout(() => client.resume(), 50);
    expect(await bench.report(id)).toMatchObject({ detail: "client-done", units: 600, errorCount: 0 });
  });

  it("reports bytes that are not of the format, with an error for each packet's length", async () => {
    const id = stream++;
    const client = await bench.open(1, { stream: id, forward: { to: "nowhere" } });
    client.resume();
    client.end(readFileSync(new URL(import.meta.url)).subarray(0, 1880));
    const report = await bench.report(id);
    expect(report).toMatchObject({ end: "completed", detail: "unrecognised", units: 0 });
    expect(report.errors.unrecognisedPackets).toBe(10);
    expect(report.errorCount).toBeGreaterThanOrEqual(10);
  });

  it("is a regular one where nothing came at all", async () => {
    const id = stream++;
    const client = await bench.open(1, { stream: id });
    client.resume();
    client.end();
    expect(await bench.report(id)).toMatchObject({ detail: "client-done", units: 0, errorCount: 0 });
  });
});
