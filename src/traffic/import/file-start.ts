import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { checkRegularFile } from "../regular-file.js";

/** Enough to recognise a layout and a CSV's separator. */
const START_BYTES = 65_536;

/**
 * The first 64 KiB of a text, unpacked if it is gzip; "" if nothing can be read (its reader reports
 * why).
 */
export async function readStart(file: string): Promise<string> {
  checkRegularFile(file, "a file");
  const raw = createReadStream(file, { end: START_BYTES - 1 });
  const pieces: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const piece of raw as AsyncIterable<Buffer>) pieces.push(piece);
    const all = Buffer.concat(pieces);
    if (all[0] !== 0x1f || all[1] !== 0x8b) return all.toString("latin1");
    pieces.length = 0;
    const unpacked = createGunzip();
    const whole = createReadStream(file);
    whole.on("error", (error) => unpacked.destroy(error));
    for await (const piece of whole.pipe(unpacked) as AsyncIterable<Buffer>) {
      pieces.push(piece);
      bytes += piece.length;
      if (bytes >= START_BYTES) break;
    }
    whole.destroy();
  } catch {
    // A damaged file: the readable part decides, and the reader of the whole file gives the
    // error.
  } finally {
    raw.destroy();
  }
  return Buffer.concat(pieces).subarray(0, START_BYTES).toString("latin1");
}
