import { encodeFrame } from "../formats/decoders/frames.js";
import { MpegTsWriter } from "../formats/mpegts/writer.js";

/**
 * Makes a flawless stream of one format, unit by unit; two writers of one format make the same
 * bytes.
 */
export interface StreamWriter {
  /** All units are of this length. */
  readonly unitBytes: number;
  /** The next `count` units in one piece. */
  take(count: number): Uint8Array;
}

const PACKET_BYTES = 188;
/**
 * With its header and checksum a frame of this payload fills one Ethernet packet, as seven
 * transport packets do.
 */
const FRAME_PAYLOAD_BYTES = 1300;
const FRAME_BYTES = FRAME_PAYLOAD_BYTES + 16;

/** The writer of a format, by its name in scenarios (formats/). */
export function streamWriter(format: string, bitsPerSecond: number): StreamWriter {
  if (format === "frames") return new FrameWriter();
  const writer = new MpegTsWriter(bitsPerSecond);
  return { unitBytes: PACKET_BYTES, take: (count) => writer.take(count) };
}

/** Frames whose payload is a function of their number. */
class FrameWriter implements StreamWriter {
  readonly unitBytes = FRAME_BYTES;
  private sequence = 0;

  take(count: number): Uint8Array {
    const bytes = new Uint8Array(count * FRAME_BYTES);
    const payload = new Uint8Array(FRAME_PAYLOAD_BYTES);
    for (let i = 0; i < count; i++, this.sequence++) {
      for (let at = 0; at < FRAME_PAYLOAD_BYTES; at++) payload[at] = (this.sequence + at * 7) & 0xff;
      bytes.set(encodeFrame(payload, this.sequence), i * FRAME_BYTES);
    }
    return bytes;
  }
}
