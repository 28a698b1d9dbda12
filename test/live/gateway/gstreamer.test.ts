import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { madeByFfmpeg } from "../formats/ffmpeg.js";
import { runtimes, until } from "../live-bench.js";
import { GatewayBench } from "./gateway-bench.js";

/** A sender that only writes, and cannot set header fields: its query has these values. */
const SINK = "curlhttpsink";
const SENDERS = 20;

const isThere = spawnSync("gst-inspect-1.0", [SINK]).status === 0;
if (!isThere) console.log(`skipped: GStreamer, since ${SINK} is not here (Debian: gstreamer1.0-tools, -plugins-bad)`);
const made = isThere ? madeByFfmpeg() : undefined;

describe.skipIf(made === undefined).each(runtimes())("GStreamer as a sender (%s)", (runtime) => {
  let bench: GatewayBench;
  const folder = mkdtempSync(join(tmpdir(), "headrace-gstreamer-"));
  const file = join(folder, "made.ts");

  beforeAll(async () => {
    writeFileSync(file, made ?? "");
    bench = await GatewayBench.start(runtime);
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await bench.close();
  });

  it(`delivers every packet, ${SENDERS} of ${SENDERS} times`, async () => {
    const target = `location=http://127.0.0.1:${bench.port}/stream?format=mpegts&forward=nowhere`;
    const args = ["-q", "filesrc", `location=${file}`, "!", SINK, target, "sync=false"];
    const { length } = made ?? [];
    for (let turn = 1; turn <= SENDERS; turn++) {
      const [code] = await once(spawn("gst-launch-1.0", args, { stdio: "ignore" }), "exit");
      expect(code).toBe(0);
      await until("its report", () => bench.fleet.reports.length === turn);
      const report = bench.fleet.reports[turn - 1];
      expect(report).toMatchObject({ detail: "client-done", bytesIn: length, units: length / 188, errorCount: 0 });
    }
  });
});
