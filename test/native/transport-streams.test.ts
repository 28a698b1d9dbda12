// Both decoders on generated streams: the cases 03, 04, 06 and 08 of shared/cases/live, and
// similar ones.
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { MpegTsWriter } from "../../src/live/formats/mpegts/writer.js";
import { pat, pmt, section, shortSection, TransportStream } from "../live/formats/transport-stream.js";
import { runtimes } from "../live/live-bench.js";
import { type Counts, countsOf, nativeCountsOf } from "./check-decoder.js";

const PACKET = 188;
const native = runtimes().includes("native");
if (!native) console.warn("not checked: the C decoder, since the native streamlet is not built");
const decoders: readonly { name: string; counts: (bytes: Uint8Array) => Counts }[] = [
  { name: "TypeScript", counts: countsOf },
  ...(native ? [{ name: "C", counts: nativeCountsOf }] : []),
];
const cases = new URL("../../../shared/cases/live/", import.meta.url);

const packetsOf = (bytes: Uint8Array): Uint8Array[] =>
  Array.from({ length: bytes.length / PACKET }, (_, i) => bytes.subarray(i * PACKET, (i + 1) * PACKET));

/** Whole packets with `before` bytes before and `after` bytes after each. */
function wrapped(bytes: Uint8Array, before: number, after: number): Uint8Array {
  const parts = packetsOf(bytes).map((packet, i) =>
    Buffer.concat([Buffer.alloc(before, i & 0x3f), packet, Buffer.alloc(after, 0xa5)]),
  );
  return new Uint8Array(Buffer.concat(parts));
}

/** What is wrong with a flawless stream of 1200 packets after the damage, packets left out. */
function faultsAfter(counts: (bytes: Uint8Array) => Counts, damage: (bytes: Uint8Array) => Uint8Array): Counts {
  const { units: _, ...faults } = counts(damage(new MpegTsWriter(4_000_000).take(1200)));
  return faults;
}

const pidOf = (bytes: Uint8Array, packet: number): number =>
  ((bytes[packet * PACKET + 1] & 0x1f) << 8) | bytes[packet * PACKET + 2];
const total = (faults: Counts): number =>
  Object.entries(faults).reduce((sum, [kind, count]) => sum + (kind === "skippedBytes" ? 0 : count), 0);

describe.each(decoders)("the $name decoder", ({ counts }) => {
  it.each([
    ["03-stale-pmt-pid/input.ts", { units: 100 }],
    ["04-es-on-si-pid/video-on-0x10.ts", { units: 82 }],
    ["04-es-on-si-pid/video-on-0x11.ts", { units: 82 }],
    ["04-es-on-si-pid/video-on-0x12.ts", { units: 82 }],
    ["04-es-on-si-pid/video-on-0x13.ts", { units: 82 }],
    ["06-af-only-discontinuity/input.ts", { units: 13 }],
    ["08-192-204-bytes/flawless.m2ts", { units: 100 }],
    ["08-192-204-bytes/flawless-204.ts", { units: 100 }],
  ])("finds no fault in %s", (file, expected) => {
    const path = new URL(file, cases);
    if (!existsSync(path)) console.log(`not checked: ${file}, since the shared cases are not here`);
    else expect(counts(readFileSync(path))).toEqual(expected);
  });

  it("forgets where programme maps were when a new PAT comes, and checks them where they are", () => {
    const stream = new TransportStream().table(0, pat(0, [1, 0x1000])).table(0x1000, pmt(1, 0, [2, 0x100]));
    stream
      .table(0, pat(1, [1, 0x1001]))
      .table(0x1001, pmt(1, 1, [2, 0x1000]))
      .media(0x1000, 20);
    expect(counts(stream.bytes)).toEqual({ units: 24 });
    const damaged = pmt(1, 1, [2, 0x1000]);
    damaged[9] ^= 1;
    expect(counts(stream.table(0x1001, damaged).bytes)).toEqual({ units: 25, crcErrors: 1 });
  });

  it("keeps the old PAT while the new one is announced for later, and all sections of one version", () => {
    const first = section(0, 1, 0, [0, 1, 0xf0, 0], { last: 1 });
    const second = section(0, 1, 0, [0, 2, 0xf0, 1], { number: 1, last: 1 });
    const later = section(0, 1, 1, [0, 1, 0xf0, 5], { current: false });
    const damaged = (pid: number): Uint8Array => pmt(pid, 0, [2, 0x100]).map((byte, i) => (i === 9 ? byte ^ 1 : byte));
    const stream = new TransportStream().table(0, first).table(0, second).table(0, later);
    stream.table(0x1000, damaged(1)).table(0x1001, damaged(2)).table(0x1005, damaged(1));
    expect(counts(stream.bytes)).toEqual({ units: 6, crcErrors: 2 });
  });

  it.each([
    { what: "NIT", pid: 0x10, table: 0x40 },
    { what: "SDT", pid: 0x11, table: 0x42 },
    { what: "BAT", pid: 0x11, table: 0x4a },
    { what: "EIT", pid: 0x12, table: 0x4e },
  ])("checks the $what of a DVB stream", ({ pid, table }) => {
    const good = section(table, 1, 0, [0, 1, 2, 3, 4]);
    const damaged = good.map((byte, i) => (i === 9 ? byte ^ 8 : byte));
    const stream = new TransportStream().table(pid, damaged).table(pid, good).table(pid, damaged);
    expect(counts(stream.bytes)).toEqual({ units: 3, crcErrors: 2 });
  });

  it("checks no CRC where there is none: stuffing tables, and others of the short form", () => {
    const stream = new TransportStream().table(0x11, section(0x42, 1, 0, [0, 1, 2]));
    const long = section(0x72, 1, 0, [1, 2, 3]).map((byte, i) => (i > 8 ? byte ^ 0x55 : byte));
    stream
      .table(0x11, long)
      .table(0x11, shortSection(0x72, [1, 2, 3]))
      .table(0x11, shortSection(0x42, [9, 9]));
    stream
      .table(0x12, section(0x4e, 1, 0, [0]))
      .table(0x12, shortSection(0x72, [4, 5]))
      .table(0x12, long);
    expect(counts(stream.bytes)).toEqual({ units: 7 });
  });

  it("takes no PID for DVB's that a PMT names as a picture, though another carries DVB tables", () => {
    const stream = new TransportStream().table(0, pat(0, [1, 0x1000])).table(0x11, section(0x42, 1, 0, [0]));
    stream
      .media(0x12, 3)
      .table(0x1000, pmt(1, 0, [0x1b, 0x12]))
      .media(0x12, 30)
      .table(0x11, section(0x42, 1, 0, [0]));
    expect(counts(stream.bytes)).toEqual({ units: 37 });
  });

  it("counts from a counter that is announced to be discontinuous, in packets with and without payload", () => {
    const stream = new TransportStream().media(0x100, 5).adaptation(0x100, true, 11).media(0x100, 5);
    expect(counts(stream.bytes)).toEqual({ units: 11 });
    const quiet = new TransportStream()
      .media(0x100, 5)
      .adaptation(0x100, false)
      .adaptation(0x100, false)
      .media(0x100, 5);
    expect(counts(quiet.bytes)).toEqual({ units: 12 });
  });

  it.each([
    { size: 192, before: 4, after: 0 },
    { size: 204, before: 0, after: 16 },
  ])("reads packets of $size bytes, and finds the same faults in them", ({ size, before, after }) => {
    const bytes = new MpegTsWriter(4_000_000).take(300);
    expect(counts(wrapped(bytes, before, after))).toEqual({ units: 300 });
    const lossy = new Uint8Array(Buffer.concat(packetsOf(bytes).filter((_, i) => i !== 100 && i !== 200)));
    expect(counts(wrapped(lossy, before, after))).toEqual({ units: 298, lostPackets: 2 });
    const noisy = wrapped(bytes, before, after);
    noisy[50 * size + before] ^= 2;
    expect(counts(noisy)).toEqual({ units: 300, syncByteErrors: 1 });
    const whole = wrapped(bytes, before, after);
    const torn = new Uint8Array(Buffer.concat([whole.subarray(0, 90 * size), whole.subarray(90 * size + 50)]));
    expect(total(counts(torn)) - counts(torn).units).toBe(1);
  });

  it("recognises nothing in what is no transport stream, with an error for each packet's worth of bytes", () => {
    const text = Buffer.from("no sync byte!\n".repeat(2000)).subarray(0, 18_800);
    expect(counts(text)).toMatchObject({ units: 0, unrecognisedPackets: 100, skippedBytes: 18_800 });
  });

  it("counts one error for one damage, wherever it is in a packet's header or clock", () => {
    const wrong: string[] = [];
    const clean = new MpegTsWriter(4_000_000).take(1200);
    for (let packet = 20; packet < 560; packet += 7) {
      const clock = (clean[packet * PACKET + 3] & 0x20) !== 0;
      for (let bit = 0; bit < (clock ? 96 : 32); bit++) {
        if ((packet + bit) % 5 !== 0) continue;
        const faults = faultsAfter(counts, (bytes) => {
          bytes[packet * PACKET + (bit >> 3)] ^= 0x80 >> (bit & 7);
          return bytes;
        });
        if (total(faults) > 1)
          wrong.push(`packet ${packet} of ${pidOf(clean, packet)}, bit ${bit}: ${JSON.stringify(faults)}`);
      }
      if (decoders[0].counts !== counts) packet += 77;
    }
    expect(wrong).toEqual([]);
  });

  it("counts one error for a run of bytes that is dropped, put in or overwritten within a packet", () => {
    const wrong: string[] = [];
    for (let i = 0; i < 40; i++) {
      const at = (30 + 13 * i) * PACKET + 4 + ((i * 41) % 180);
      const length = 1 + ((i * 31) % 180);
      const edits = {
        dropped: (bytes: Uint8Array) => Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]),
        "put in": (bytes: Uint8Array) =>
          Buffer.concat([bytes.subarray(0, at), Buffer.alloc(length, 1), bytes.subarray(at)]),
        overwritten: (bytes: Uint8Array) =>
          bytes.fill(0x5a, at, Math.min(at + length, (Math.floor(at / PACKET) + 1) * PACKET)),
      };
      for (const [what, edit] of Object.entries(edits)) {
        const faults = faultsAfter(counts, (bytes) => new Uint8Array(edit(bytes)));
        if (total(faults) > 1) wrong.push(`${length} bytes ${what} at ${at}: ${JSON.stringify(faults)}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});
