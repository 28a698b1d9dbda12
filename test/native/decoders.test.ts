import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { describe, expect, it } from "vitest";
import { encodeFrame } from "../../src/live/formats/decoders/frames.js";
import { type FormatModule, knownFormats, loadFormat } from "../../src/live/formats/format.js";
import { MpegTsWriter } from "../../src/live/formats/mpegts/writer.js";
import { nativeStreamlet } from "../../src/live/machine/launch-command.js";
import { mutate } from "../live/formats/bytes.js";
import { runtimes } from "../live/live-bench.js";

const INPUTS = 100_000;
const native = runtimes().includes("native");
if (!native) console.warn("skipped: the C decoders, since the native streamlet is not built");

function counts(format: FormatModule, bytes: Uint8Array): string {
  const decoder = format.createDecoder();
  const cut = Math.floor(bytes.length / 3);
  decoder.push(bytes.subarray(0, cut), 0);
  decoder.push(bytes.subarray(cut), 1);
  decoder.end();
  const { units, errors, jitterMs } = decoder.quality();
  return `${units} ${Object.values(errors).join(" ")} ${jitterMs.toFixed(9)}`;
}

/** Short streams; of other formats some units of their writer. */
const samples: Readonly<Record<string, Uint8Array>> = {
  mpegts: new MpegTsWriter(1_000_000).take(24),
  frames: new Uint8Array(Buffer.concat([0, 1, 2, 3, 4, 5].map((i) => encodeFrame(new Uint8Array(40 * i).fill(i), i)))),
};

describe.skipIf(!native)("the native decoders", () => {
  it.each(knownFormats())(
    "count as the TypeScript one does, on 100,000 mutated streams (%s)",
    { timeout: 300_000 },
    async (name) => {
      const format = await loadFormat(name);
      const sample = samples[name] ?? (await format.loadWriter())(1_000_000).take(24);
      const child = spawn(nativeStreamlet(), ["--check", name], { stdio: ["pipe", "pipe", "inherit"] });
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      const exited = once(child, "exit");
      for (let seed = 0; seed < INPUTS; ) {
        const batch: Buffer[] = [];
        const expected: string[] = [];
        for (let i = 0; i < 500; i++, seed++) {
          const bytes = mutate(sample, seed, seed % 12);
          const prefix = Buffer.alloc(4);
          prefix.writeUInt32BE(bytes.length);
          batch.push(prefix, Buffer.from(bytes));
          expected.push(counts(format, bytes));
        }
        child.stdin.write(Buffer.concat(batch));
        for (let i = 0; i < expected.length; i++) {
          const { value } = await lines.next();
          if (value !== expected[i])
            throw new Error(`input ${seed - 500 + i}: native ${value}, TypeScript ${expected[i]}`);
        }
        if (seed >= INPUTS) child.stdin.end();
      }
      expect((await exited)[0]).toBe(0);
    },
  );
});
