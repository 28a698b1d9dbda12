import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createDecoder } from "../../../../src/live/formats/decoders/mpegts.js";
import type { StreamQuality } from "../../../../src/live/formats/format.js";
import { MpegTsWriter } from "../../../../src/live/formats/mpegts/writer.js";
import { cutAtRandom, mutate } from "../bytes.js";
import { madeByFfmpeg } from "../ffmpeg.js";

const PACKET = 188;

function decode(chunks: readonly Uint8Array[]): StreamQuality {
  const decoder = createDecoder();
  chunks.forEach((chunk, i) => {
    decoder.push(chunk, i);
  });
  decoder.end();
  return decoder.quality();
}

function stream(packets: number): Uint8Array {
  return new MpegTsWriter(4_000_000).take(packets);
}

function faults(quality: StreamQuality): Record<string, number> {
  return Object.fromEntries(Object.entries(quality.errors).filter(([, count]) => count !== 0));
}

/** Packet numbers of the given PID, in order. */
function packetsOf(bytes: Uint8Array, pid: number): number[] {
  const found: number[] = [];
  for (let i = 0; i < bytes.length / PACKET; i++) {
    if ((((bytes[i * PACKET + 1] & 0x1f) << 8) | bytes[i * PACKET + 2]) === pid) found.push(i);
  }
  return found;
}

function without(bytes: Uint8Array, packets: readonly number[]): Uint8Array {
  const kept = Array.from({ length: bytes.length / PACKET }, (_, i) => i).filter((i) => !packets.includes(i));
  const out = new Uint8Array(kept.length * PACKET);
  kept.forEach((packet, i) => {
    out.set(bytes.subarray(packet * PACKET, (packet + 1) * PACKET), i * PACKET);
  });
  return out;
}

describe("the MPEG-TS decoder", () => {
  it("finds no fault in a flawless stream, and counts its packets", () => {
    const quality = decode([stream(5000)]);
    expect(faults(quality)).toEqual({});
    expect(quality).toMatchObject({ units: 5000, bytes: 5000 * PACKET, errorCount: 0 });
  });

  it("finds no fault in a stream that ffmpeg made", (context) => {
    const bytes = madeByFfmpeg();
    if (bytes === undefined) return context.skip();
    expect(bytes.length).toBeGreaterThan(300_000);
    const quality = decode(cutAtRandom(bytes, 7));
    expect(faults(quality)).toEqual({});
    expect(quality.units).toBe(bytes.length / PACKET);
    const tables = packetsOf(bytes, 0).length;
    expect(tables).toBeGreaterThan(10);
    const damaged = bytes.slice();
    for (const packet of packetsOf(bytes, 0)) damaged[packet * PACKET + 12] ^= 4;
    expect(faults(decode([damaged]))).toEqual({ crcErrors: tables });
  });

  it("counts the same however the bytes are cut", () => {
    const bytes = stream(60);
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 30 }), (seed, flips) => {
        const damaged = mutate(bytes, seed, flips);
        const whole = decode([damaged]);
        expect({ ...decode(cutAtRandom(damaged, seed)), jitterMs: 0 }).toEqual({ ...whole, jitterMs: 0 });
      }),
      { numRuns: 300 },
    );
  });

  it("counts each lost packet, single ones and runs", () => {
    const bytes = stream(2000);
    const video = packetsOf(bytes, 0x100).filter((packet) => (bytes[packet * PACKET + 3] & 0x20) === 0);
    const lost = [video[10], video[50], video[51], video[52], video[900]];
    expect(faults(decode([without(bytes, lost)]))).toEqual({ lostPackets: 5 });
  });

  it("separates a late packet from a lost one", () => {
    const bytes = stream(2000);
    const video = packetsOf(bytes, 0x100).filter((packet) => (bytes[packet * PACKET + 3] & 0x20) === 0);
    const swapped = bytes.slice();
    let swaps = 0;
    for (let i = 20; i + 1 < video.length && swaps < 7; i += 40) {
      const [a, b] = [video[i] * PACKET, video[i + 1] * PACKET];
      swapped.set(bytes.subarray(b, b + PACKET), a);
      swapped.set(bytes.subarray(a, a + PACKET), b);
      swaps++;
    }
    expect(swaps).toBe(7);
    expect(faults(decode([swapped]))).toEqual({ reorderedPackets: 7 });
  });

  it("allows a packet to come twice, not three times", () => {
    const bytes = stream(400);
    const video = packetsOf(bytes, 0x100)[100];
    const packet = bytes.subarray(video * PACKET, (video + 1) * PACKET);
    const before = bytes.subarray(0, video * PACKET);
    const after = bytes.subarray((video + 1) * PACKET);
    expect(faults(decode([before, packet, packet, after]))).toEqual({});
    expect(faults(decode([before, packet, packet, packet, after]))).toEqual({ duplicatePackets: 1 });
  });

  it("counts each damaged table once, wherever the bit flips", () => {
    const bytes = stream(2000);
    const tables = [...packetsOf(bytes, 0), ...packetsOf(bytes, 0x1000)];
    // From the table id to the last byte of the CRC: 16 bytes of PAT, 22 of PMT.
    for (let offset = 5; offset < 21; offset++) {
      for (let bit = 0; bit < 8; bit++) {
        const damaged = bytes.slice();
        const chosen = tables[(offset * 8 + bit) % tables.length];
        damaged[chosen * PACKET + offset] ^= 1 << bit;
        expect(faults(decode([damaged])), `bit ${bit} of byte ${offset}`).toEqual({ crcErrors: 1 });
      }
    }
  });

  it("counts packets marked as damaged, and wrong sync bytes, without losing sync", () => {
    const bytes = stream(500);
    const video = packetsOf(bytes, 0x100);
    bytes[video[30] * PACKET] ^= 0x10;
    bytes[video[60] * PACKET] ^= 0x01;
    expect(faults(decode([bytes]))).toEqual({ syncByteErrors: 2 });
    const marked = stream(500);
    marked[video[30] * PACKET + 1] |= 0x80;
    expect(faults(decode([marked]))).toEqual({ transportErrors: 1 });
  });

  it("finds sync again after bytes were dropped or put in", () => {
    const bytes = stream(600);
    const cut = 301 * PACKET;
    const dropped = decode([bytes.subarray(0, cut), bytes.subarray(cut + 50)]);
    expect(dropped.errors).toMatchObject({ syncLosses: 1, skippedBytes: PACKET - 50, lostPackets: 0 });
    const inserted = decode([bytes.subarray(0, cut), new Uint8Array(77), bytes.subarray(cut)]);
    expect(faults(inserted)).toEqual({ syncLosses: 1, skippedBytes: 77 });
    expect(inserted.units).toBe(600);
  });

  it("counts a last packet that is cut off, and a clock that jumps", () => {
    expect(faults(decode([stream(100).subarray(0, 99 * PACKET + 20)]))).toEqual({ truncatedPackets: 1 });
    const bytes = stream(1000);
    const clocks = packetsOf(bytes, 0x100).filter((packet) => (bytes[packet * PACKET + 3] & 0x20) !== 0);
    expect(clocks.length).toBeGreaterThan(10);
    bytes[clocks[5] * PACKET + 7] ^= 0x40;
    expect(decode([bytes]).errors).toMatchObject({ pcrErrors: 1, lostPackets: 0 });
  });

  it("estimates the jitter of the clock's arrival", () => {
    const jitterOf = (delayMs: (i: number) => number): number => {
      const writer = new MpegTsWriter(4_000_000);
      const decoder = createDecoder();
      const packetMs = (PACKET * 8000) / 4_000_000;
      for (let i = 0; i < 20_000; i++) decoder.push(writer.next(), i * packetMs + delayMs(i));
      return decoder.quality().jitterMs;
    };
    expect(jitterOf(() => 5)).toBeLessThan(0.01);
    // Every second clock reference comes 8 ms late: each difference is 8 ms off.
    expect(jitterOf((i) => (Math.floor((i * PACKET * 8000) / 4_000_000 / 20) % 2) * 8)).toBeCloseTo(8, 1);
  });

  it("survives 100,000 mutated streams: it never throws, and accounts for every byte", () => {
    const bytes = stream(40);
    for (let seed = 0; seed < 100_000; seed++) {
      const damaged = mutate(bytes, seed, 1 + (seed % 12));
      const decoder = createDecoder();
      const cut = seed % (damaged.length + 1);
      decoder.push(damaged.subarray(0, cut), 0);
      decoder.push(damaged.subarray(cut), 1);
      decoder.end();
      const { units, errors } = decoder.quality();
      const rest = damaged.length - units * PACKET - errors.skippedBytes;
      if (!(rest >= 0 && rest < PACKET && rest > 0 === errors.truncatedPackets > 0)) {
        throw new Error(`seed ${seed}: ${units} packets, ${JSON.stringify(errors)}, ${rest} bytes unaccounted`);
      }
      for (const [kind, count] of Object.entries(errors)) {
        if (!(count >= 0)) throw new Error(`seed ${seed}: ${kind} is ${count}`);
      }
    }
  });
});
