import { crc32Mpeg } from "../../../src/live/formats/checksums/crc32-mpeg.js";

const PACKET = 188;

/** Makes transport streams packet by packet, with the counters that are due. */
export class TransportStream {
  private readonly packets: Uint8Array[] = [];
  private readonly counters = new Map<number, number>();
  private noise = 1;

  get bytes(): Uint8Array {
    return new Uint8Array(Buffer.concat(this.packets));
  }

  /** Sections of any length on one PID; the rest of the last packet is stuffing. */
  table(pid: number, section: Uint8Array): this {
    for (let at = 0, first = true; at < section.length; first = false) {
      const packet = this.next(pid, first);
      const from = first ? 5 : 4;
      const part = section.subarray(at, at + PACKET - from);
      packet.fill(0xff, 4);
      if (first) packet[4] = 0;
      packet.set(part, from);
      at += part.length;
    }
    return this;
  }

  /** Packets of an elementary stream, each the start of a PES packet that looks like no table. */
  media(pid: number, count = 1): this {
    for (let i = 0; i < count; i++) {
      const packet = this.next(pid, true);
      packet.set([0, 0, 1, 0xe0], 4);
      for (let at = 8; at < PACKET; at++) packet[at] = this.noise = ((this.noise * 75 + 74) % 65_537) & 0xff;
    }
    return this;
  }

  /**
   * A packet of adaptation field alone, which carries the counter of the packet before unless
   * another is given.
   */
  adaptation(pid: number, discontinuity: boolean, counter?: number): this {
    const packet = new Uint8Array(PACKET).fill(0xff);
    const before = ((this.counters.get(pid) ?? 0) + 15) & 15;
    const carried = counter ?? before;
    packet.set([0x47, pid >> 8, pid & 0xff, 0x20 | carried, 183, discontinuity ? 0x80 : 0], 0);
    if (counter !== undefined) this.counters.set(pid, (counter + 1) & 15);
    this.packets.push(packet);
    return this;
  }

  private next(pid: number, starts: boolean): Uint8Array {
    const counter = this.counters.get(pid) ?? 0;
    this.counters.set(pid, (counter + 1) & 15);
    const packet = new Uint8Array(PACKET);
    packet.set([0x47, (starts ? 0x40 : 0) | (pid >> 8), pid & 0xff, 0x10 | counter]);
    this.packets.push(packet);
    return packet;
  }
}

interface Place {
  /** Its number and that of the last section of the same version. */
  readonly number?: number;
  readonly last?: number;
  /** False: for later. */
  readonly current?: boolean;
}

/** A section of the long form with its CRC: `extension` is the id after the length. */
export function section(
  table: number,
  extension: number,
  version: number,
  body: readonly number[],
  { number = 0, last = 0, current = true }: Place = {},
): Uint8Array {
  const length = 5 + body.length + 4;
  const state = 0xc0 | (version << 1) | (current ? 1 : 0);
  const head = [table, 0xb0 | (length >> 8), length & 0xff, extension >> 8, extension & 0xff, state, number, last];
  const bytes = new Uint8Array([...head, ...body, 0, 0, 0, 0]);
  new DataView(bytes.buffer).setUint32(bytes.length - 4, crc32Mpeg(bytes, 0, bytes.length - 4));
  return bytes;
}

/** A section of the short form, without a CRC. */
export function shortSection(table: number, body: readonly number[]): Uint8Array {
  return new Uint8Array([table, 0x70 | (body.length >> 8), body.length & 0xff, ...body]);
}

const pidBytes = (pid: number): number[] => [0xe0 | (pid >> 8), pid & 0xff];

/** `programs`: number and PMT PID of each. */
export function pat(version: number, ...programs: readonly (readonly [number, number])[]): Uint8Array {
  return section(
    0x00,
    1,
    version,
    programs.flatMap(([number, pid]) => [number >> 8, number & 0xff, ...pidBytes(pid)]),
  );
}

/** `streams`: stream type and PID of each. */
export function pmt(program: number, version: number, ...streams: readonly (readonly [number, number])[]): Uint8Array {
  const each = streams.flatMap(([type, pid]) => [type, ...pidBytes(pid), 0xf0, 0]);
  return section(0x02, program, version, [...pidBytes(streams[0][1]), 0xf0, 0, ...each]);
}
