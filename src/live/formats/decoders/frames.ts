// Length-prefixed frames. Layout, numbers big-endian:
//   2 bytes "HR" · 4 payload length (≤ 1 MiB) · 4 sequence number (any start, + 1 per frame, wraps)
//   · 2 header check: low half of the CRC-32C of the ten bytes before · payload · 4 CRC-32C of the
//   payload
// With the header check a wrong length is one fault, and not a megabyte that is read as payload.
import { CRC32C_START, crc32c, crc32cEnd } from "../checksums/crc32c.js";
import type { CreateWriter, Decoder, StreamQuality, StreamWriter } from "../format.js";

export const FRAME_HEADER_BYTES = 12;
const FRAME_TRAILER_BYTES = 4;
const MAX_FRAME_PAYLOAD_BYTES = 1_048_576;
const MAGIC_0 = 0x48;
const MAGIC_1 = 0x52;
/**
 * A frame whose number lies this far behind is late (reordered), not the start of a gap of
 * billions.
 */
const LATE_WINDOW = 32;
/**
 * A wider step in either direction means that the sender restarted, or that the number is forged:
 * one fault, not 65,536 lost frames.
 */
const MAX_GAP = 65_536;

export function createDecoder(): Decoder {
  return new FrameDecoder();
}

export async function loadWriter(): Promise<CreateWriter> {
  return () => new FrameWriter();
}

/** Writes the header of a frame to `bytes[0, 12)`. */
function writeFrameHeader(bytes: Uint8Array, payloadBytes: number, sequence: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, FRAME_HEADER_BYTES);
  view.setUint8(0, MAGIC_0);
  view.setUint8(1, MAGIC_1);
  view.setUint32(2, payloadBytes);
  view.setUint32(6, sequence >>> 0);
  view.setUint16(10, crc32cEnd(crc32c(CRC32C_START, bytes, 0, 10)) & 0xffff);
}

/** A whole frame around `payload`. */
export function encodeFrame(payload: Uint8Array, sequence: number): Uint8Array {
  if (payload.length > MAX_FRAME_PAYLOAD_BYTES) throw new RangeError(`a frame of ${payload.length} bytes`);
  const frame = new Uint8Array(FRAME_HEADER_BYTES + payload.length + FRAME_TRAILER_BYTES);
  writeFrameHeader(frame, payload.length, sequence);
  frame.set(payload, FRAME_HEADER_BYTES);
  const crc = crc32cEnd(crc32c(CRC32C_START, payload, 0, payload.length));
  new DataView(frame.buffer).setUint32(FRAME_HEADER_BYTES + payload.length, crc);
  return frame;
}

/**
 * A frame with this payload, its header and its checksum fits into one Ethernet packet, as seven
 * transport packets do.
 */
const WRITTEN_PAYLOAD_BYTES = 1300;

/** Frames whose payload is a function of their number. */
class FrameWriter implements StreamWriter {
  readonly unitBytes = FRAME_HEADER_BYTES + WRITTEN_PAYLOAD_BYTES + FRAME_TRAILER_BYTES;
  private readonly payload = new Uint8Array(WRITTEN_PAYLOAD_BYTES);
  private sequence = 0;

  take(count: number): Uint8Array {
    const bytes = new Uint8Array(count * this.unitBytes);
    for (let i = 0; i < count; i++, this.sequence++) {
      for (let at = 0; at < WRITTEN_PAYLOAD_BYTES; at++) this.payload[at] = (this.sequence + at * 7) & 0xff;
      bytes.set(encodeFrame(this.payload, this.sequence), i * this.unitBytes);
    }
    return bytes;
  }
}

/**
 * Counts frames, flipped bits, and lost, late and repeated frames. It checks payloads as they
 * arrive and keeps none.
 */
class FrameDecoder implements Decoder {
  private bytes = 0;
  private frames = 0;
  private crcErrors = 0;
  private headerErrors = 0;
  private lostFrames = 0;
  private reorderedFrames = 0;
  private duplicateFrames = 0;
  private sequenceJumps = 0;
  private truncatedFrames = 0;
  private skippedBytes = 0;
  private readonly header = new Uint8Array(FRAME_HEADER_BYTES);
  private headerLength = 0;
  /** After a bad header it searches for one at each byte. One search is one header error. */
  private searching = false;
  private payloadLeft = 0;
  private trailerLeft = 0;
  private crc = CRC32C_START;
  private trailer = 0;
  private expected = -1;
  /** Bit k: the frame numbered expected − 1 − k has not come yet. */
  private missing = 0;

  push(chunk: Uint8Array): void {
    this.bytes += chunk.length;
    let at = 0;
    while (at < chunk.length) {
      if (this.payloadLeft > 0) at = this.takePayload(chunk, at);
      else if (this.trailerLeft > 0) this.takeTrailer(chunk[at++]);
      else this.takeHeader(chunk[at++]);
    }
  }

  end(): void {
    if (this.payloadLeft > 0 || this.trailerLeft > 0) this.truncatedFrames++;
    else if (this.headerLength > 0) {
      if (this.searching) this.skippedBytes += this.headerLength;
      else this.truncatedFrames++;
    }
    this.payloadLeft = 0;
    this.trailerLeft = 0;
    this.headerLength = 0;
  }

  quality(): StreamQuality {
    const errors = {
      crcErrors: this.crcErrors,
      headerErrors: this.headerErrors,
      lostFrames: this.lostFrames,
      reorderedFrames: this.reorderedFrames,
      duplicateFrames: this.duplicateFrames,
      sequenceJumps: this.sequenceJumps,
      truncatedFrames: this.truncatedFrames,
    };
    const errorCount = Object.values(errors).reduce((sum, count) => sum + count, 0);
    return {
      units: this.frames,
      unrecognised: this.skippedBytes > 0 && this.expected < 0 && this.truncatedFrames === 0,
      bytes: this.bytes,
      errors: { ...errors, skippedBytes: this.skippedBytes },
      errorCount,
      jitterMs: 0,
    };
  }

  private takeHeader(byte: number): void {
    this.header[this.headerLength++] = byte;
    while (this.headerLength > 0 && !this.headerMayBe()) {
      if (!this.searching) this.headerErrors++;
      this.searching = true;
      this.skippedBytes++;
      this.header.copyWithin(0, 1, this.headerLength);
      this.headerLength--;
    }
    if (this.headerLength === FRAME_HEADER_BYTES) this.begin();
  }

  /** Are the bytes so far the start of a valid header? */
  private headerMayBe(): boolean {
    const { header, headerLength } = this;
    if (header[0] !== MAGIC_0 || (headerLength > 1 && header[1] !== MAGIC_1)) return false;
    if (headerLength < FRAME_HEADER_BYTES) return true;
    const check = (header[10] << 8) | header[11];
    if ((crc32cEnd(crc32c(CRC32C_START, header, 0, 10)) & 0xffff) !== check) return false;
    return uint32(header, 2) <= MAX_FRAME_PAYLOAD_BYTES;
  }

  private begin(): void {
    this.payloadLeft = uint32(this.header, 2);
    this.trailerLeft = FRAME_TRAILER_BYTES;
    this.crc = CRC32C_START;
    this.trailer = 0;
    this.headerLength = 0;
    this.searching = false;
    this.follow(uint32(this.header, 6));
  }

  private takePayload(chunk: Uint8Array, at: number): number {
    const end = Math.min(chunk.length, at + this.payloadLeft);
    this.crc = crc32c(this.crc, chunk, at, end);
    this.payloadLeft -= end - at;
    return end;
  }

  private takeTrailer(byte: number): void {
    this.trailer = ((this.trailer << 8) | byte) >>> 0;
    if (--this.trailerLeft > 0) return;
    this.frames++;
    if (this.trailer !== crc32cEnd(this.crc)) this.crcErrors++;
  }

  private follow(sequence: number): void {
    const ahead = this.expected < 0 ? 0 : (sequence - this.expected) | 0;
    if (ahead < 0 && ahead >= -LATE_WINDOW) {
      const bit = 1 << (-ahead - 1);
      if ((this.missing & bit) === 0) {
        this.duplicateFrames++;
        return;
      }
      this.missing &= ~bit;
      this.lostFrames--;
      this.reorderedFrames++;
      return;
    }
    if (ahead < 0 || ahead > MAX_GAP) {
      this.sequenceJumps++;
      this.missing = 0;
    } else {
      // JavaScript shifts by the count modulo 32. After a gap this wide no frame can be late.
      const wide = ahead + 1 >= LATE_WINDOW;
      this.missing = wide ? 0 : (this.missing << (ahead + 1)) | (((1 << ahead) - 1) << 1);
      this.lostFrames += ahead;
    }
    this.expected = (sequence + 1) >>> 0;
  }
}

function uint32(bytes: Uint8Array, at: number): number {
  return ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;
}
