import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CRC32C_START, crc32c, crc32cEnd } from "../../../../src/live/formats/checksums/crc32c.js";
import { createDecoder, encodeFrame, FRAME_HEADER_BYTES } from "../../../../src/live/formats/decoders/frames.js";
import type { StreamQuality } from "../../../../src/live/formats/format.js";
import { cutAtRandom, mutate, randomWords } from "../bytes.js";

function frames(count: number, first = 0): Uint8Array[] {
  const next = randomWords(count);
  return Array.from({ length: count }, (_, i) => {
    const payload = Uint8Array.from({ length: next() % 300 }, () => next());
    return encodeFrame(payload, first + i);
  });
}

function decode(chunks: readonly Uint8Array[]): StreamQuality {
  const decoder = createDecoder();
  for (const chunk of chunks) decoder.push(chunk, 0);
  decoder.end();
  return decoder.quality();
}

function faults(quality: StreamQuality): Record<string, number> {
  return Object.fromEntries(Object.entries(quality.errors).filter(([, count]) => count !== 0));
}

describe("the frame decoder", () => {
  it("knows CRC-32C: the check value of RFC 3720 and of the catalogue", () => {
    const text = new TextEncoder().encode("123456789");
    expect(crc32cEnd(crc32c(CRC32C_START, text, 0, text.length))).toBe(0xe3069283);
    const zeros = new Uint8Array(32);
    expect(crc32cEnd(crc32c(CRC32C_START, zeros, 0, 32))).toBe(0x8a9136aa);
  });

  it("finds no fault in flawless frames, empty ones too, from any first number on and past the wrap", () => {
    const sent = [...frames(500, 0xffffff00), encodeFrame(new Uint8Array(0), 0xffffff00 + 500)];
    const quality = decode(sent);
    expect(faults(quality)).toEqual({});
    expect(quality.units).toBe(501);
  });

  it("counts every flipped bit of a payload, its CRC or a header exactly once", () => {
    const sent = frames(60);
    for (let frame = 1; frame < 59; frame++) {
      const damaged = sent.slice();
      const flipped = damaged[frame].slice();
      const bit = (frame * 37) % ((flipped.length - FRAME_HEADER_BYTES) * 8);
      flipped[FRAME_HEADER_BYTES + (bit >> 3)] ^= 1 << (bit & 7);
      damaged[frame] = flipped;
      expect(faults(decode(damaged)), `frame ${frame}`).toEqual({ crcErrors: 1 });
      const header = sent[frame].slice();
      header[frame % FRAME_HEADER_BYTES] ^= 1 << (frame & 7);
      damaged[frame] = header;
      expect(decode(damaged).errors, `header of frame ${frame}`).toMatchObject({
        headerErrors: 1,
        lostFrames: 1,
        crcErrors: 0,
        skippedBytes: header.length,
      });
    }
  });

  it("counts lost, late and repeated frames", () => {
    const sent = frames(100);
    const order = Array.from({ length: 100 }, (_, i) => i).filter((i) => ![7, 40, 41, 42].includes(i));
    expect(faults(decode(order.map((i) => sent[i])))).toEqual({ lostFrames: 4 });
    const late = [0, 1, 3, 2, 4, 5, 9, 6, 7, 8, 10];
    expect(faults(decode(late.map((i) => sent[i])))).toEqual({ reorderedFrames: 4 });
    expect(faults(decode([0, 1, 1, 2, 1].map((i) => sent[i])))).toEqual({ duplicateFrames: 2 });
    expect(faults(decode([encodeFrame(sent[0], 5), encodeFrame(sent[0], 5_000_000)]))).toEqual({ sequenceJumps: 1 });
  });

  it("counts a frame that is cut off", () => {
    const sent = frames(3);
    expect(faults(decode([sent[0], sent[1].subarray(0, sent[1].length - 1)]))).toEqual({ truncatedFrames: 1 });
    expect(faults(decode([sent[0], sent[1].subarray(0, 5)]))).toEqual({ truncatedFrames: 1 });
  });

  it("counts the same however the bytes are cut", () => {
    const bytes = Buffer.concat(frames(40));
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 20 }), (seed, flips) => {
        const damaged = mutate(bytes, seed, flips);
        expect(decode(cutAtRandom(damaged, seed))).toEqual(decode([damaged]));
      }),
      { numRuns: 300 },
    );
  });

  it("survives 100,000 mutated streams: it never throws, no count is negative", () => {
    const bytes = new Uint8Array(Buffer.concat(frames(12)));
    for (let seed = 0; seed < 100_000; seed++) {
      const quality = decode([mutate(bytes, seed, 1 + (seed % 12))]);
      for (const [kind, count] of Object.entries(quality.errors)) {
        if (!(count >= 0 && count < 1_000_000)) throw new Error(`seed ${seed}: ${kind} is ${count}`);
      }
    }
  });
});
