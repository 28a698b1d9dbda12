import { afterEach, describe, expect, it } from "vitest";
import { TokenBucket } from "../../src/live/limits/token-bucket.js";
import { MpegTsWriter } from "../../src/live/mpegts/writer.js";
import { CpuPressure, HostBench, received, runtimes } from "./live-bench.js";

const MEGABIT = 1_000_000;
let bench: HostBench | undefined;

describe("the token bucket", () => {
  it("lets exactly its rate pass, however the pieces fall", () => {
    const bucket = new TokenBucket(20 * MEGABIT);
    let nowMs = 0;
    let bytes = 0;
    for (let i = 0; nowMs < 10_000; i++) {
      const piece = 1 + ((i * 7919) % 65_536);
      bytes += piece;
      nowMs += bucket.take(piece, nowMs);
    }
    expect((bytes * 8000) / nowMs / MEGABIT).toBeCloseTo(20, 0);
  });

  it("saves up no more than 100 ms", () => {
    const bucket = new TokenBucket(8 * MEGABIT);
    bucket.take(0, 0);
    expect(bucket.take(100_000, 60_000)).toBe(0);
    expect(bucket.take(1000, 60_000)).toBeCloseTo(1, 6);
  });
});

describe.each(runtimes())("the proxy path (%s)", (runtime) => {
  afterEach(async () => {
    await bench?.close();
    bench = undefined;
  });

  it("delivers 19–21 Mbit/s at a cap of 20, however fast the client is", async () => {
    let megabits = 0;
    const pressure = new CpuPressure();
    // Less than the cap is what a machine that is busy with other work may make of it; more it must never be.
    for (let attempt = 0; attempt < 3 && !(megabits >= 19); attempt++) {
      bench = new HostBench(runtime, { bitsPerSecond: 20 * MEGABIT }, {}, ["userspace"]);
      await bench.launch(1);
      const client = await bench.open(1, { stream: 1 });
      const bytes = new MpegTsWriter(4 * MEGABIT).take(60_000);
      let [firstMs, lastMs, count] = [Number.NaN, Number.NaN, 0];
      client.on("data", (chunk) => {
        lastMs = performance.now();
        // What is saved up passes at once, 0.25 MB of 11: 0.5 Mbit/s over the whole.
        if (Number.isNaN(firstMs)) firstMs = lastMs;
        else count += chunk.length;
      });
      const answer = received(client);
      client.end(bytes);
      expect((await answer).equals(bytes)).toBe(true);
      expect(await bench.report(1)).toMatchObject({ detail: "client-done", errorCount: 0 });
      megabits = (count * 8000) / (lastMs - firstMs) / MEGABIT;
      await bench.close();
      bench = undefined;
      expect(megabits).toBeLessThanOrEqual(21);
    }
    console.log(`20 Mbit/s through the proxy (${runtime}): ${megabits.toFixed(2)}`);
    if (pressure.share() > 0.4 && megabits < 19)
      console.log("lower bound not judged: the machine is busy with other work");
    else expect(megabits).toBeGreaterThanOrEqual(19);
  });
});
