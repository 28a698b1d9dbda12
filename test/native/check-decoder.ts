import { spawnSync } from "node:child_process";
import { createDecoder } from "../../src/live/formats/decoders/mpegts.js";
import { nativeStreamlet } from "../../src/live/machine/launch-command.js";

/** Counts by kind that are not 0, and packets. */
export type Counts = Readonly<Record<string, number>>;

/** What the TypeScript decoder counts of a whole stream. */
export function countsOf(bytes: Uint8Array): Counts {
  const decoder = createDecoder();
  const cut = Math.floor(bytes.length / 3);
  decoder.push(bytes.subarray(0, cut), 0);
  decoder.push(bytes.subarray(cut), 1);
  decoder.end();
  const { units, errors } = decoder.quality();
  return { units, ...Object.fromEntries(Object.entries(errors).filter(([, count]) => count !== 0)) };
}

/** What the C decoder counts of the same (streams of at most 1 MiB). */
export function nativeCountsOf(bytes: Uint8Array): Counts {
  const prefix = Buffer.alloc(4);
  prefix.writeUInt32BE(bytes.length);
  const checked = spawnSync(nativeStreamlet(), ["--check", "mpegts"], { input: Buffer.concat([prefix, bytes]) });
  const [units, ...counts] = checked.stdout.toString().trim().split(" ").map(Number);
  const kinds = Object.keys(createDecoder().quality().errors);
  const found = kinds.map((kind, i) => [kind, counts[i]] as const).filter(([, count]) => count !== 0);
  return { units, ...Object.fromEntries(found) };
}
