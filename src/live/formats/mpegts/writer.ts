import { crc32Mpeg } from "../checksums/crc32-mpeg.js";
import type { StreamWriter } from "../format.js";

const PACKET = 188;
const VIDEO_PID = 0x100;
const PMT_PID = 0x1000;
/** Period of the tables and of the clock reference. */
const TABLE_PERIOD_MS = 100;
const CLOCK_PERIOD_MS = 20;

/**
 * Makes a flawless transport stream of constant bitrate: PAT, PMT and one programme whose payload
 * is a counter. Every byte is a function of the packet's number, so two writers agree, and a
 * receiver can check each byte.
 */
export class MpegTsWriter implements StreamWriter {
  readonly unitBytes = PACKET;
  private packet = 0;
  private nextTableMs = 0;
  private nextClockMs = 0;
  private readonly counters = new Map<number, number>();
  private pmtDue = false;

  constructor(readonly bitsPerSecond: number) {}

  /** The next packet, in a new array. */
  next(): Uint8Array {
    const nowMs = (this.packet * PACKET * 8000) / this.bitsPerSecond;
    this.packet++;
    if (this.pmtDue) {
      this.pmtDue = false;
      return this.table(PMT_PID, pmtSection());
    }
    if (nowMs >= this.nextTableMs) {
      this.nextTableMs += TABLE_PERIOD_MS;
      this.pmtDue = true;
      return this.table(0, patSection());
    }
    return this.video(nowMs);
  }

  /** The next `count` packets in one array. */
  take(count: number): Uint8Array {
    const bytes = new Uint8Array(count * PACKET);
    for (let i = 0; i < count; i++) bytes.set(this.next(), i * PACKET);
    return bytes;
  }

  private video(nowMs: number): Uint8Array {
    const packet = this.header(VIDEO_PID, false);
    let at = 4;
    if (nowMs >= this.nextClockMs) {
      this.nextClockMs += CLOCK_PERIOD_MS;
      packet[3] |= 0x20;
      packet[4] = 7;
      packet[5] = 0x10;
      writeClock(packet, 6, Math.round(nowMs * 27_000));
      at = 12;
    }
    for (; at < PACKET; at++) packet[at] = (this.packet + at * 7) & 0xff;
    return packet;
  }

  private table(pid: number, section: Uint8Array): Uint8Array {
    const packet = this.header(pid, true);
    packet[4] = 0;
    packet.set(section, 5);
    packet.fill(0xff, 5 + section.length);
    return packet;
  }

  private header(pid: number, starts: boolean): Uint8Array {
    const counter = this.counters.get(pid) ?? 0;
    this.counters.set(pid, (counter + 1) & 15);
    const packet = new Uint8Array(PACKET);
    packet[0] = 0x47;
    packet[1] = (starts ? 0x40 : 0) | (pid >> 8);
    packet[2] = pid & 0xff;
    packet[3] = 0x10 | counter;
    return packet;
  }
}

function writeClock(packet: Uint8Array, at: number, ticks: number): void {
  const base = Math.floor(ticks / 300);
  const extension = ticks % 300;
  new DataView(packet.buffer).setUint32(at, Math.floor(base / 2) >>> 0);
  packet[at + 4] = ((base & 1) << 7) | 0x7e | (extension >> 8);
  packet[at + 5] = extension & 0xff;
}

function patSection(): Uint8Array {
  return section([0x00, 0xb0, 13, 0, 1, 0xc1, 0, 0, 0, 1, 0xe0 | (PMT_PID >> 8), PMT_PID & 0xff]);
}

function pmtSection(): Uint8Array {
  const clock = [0xe0 | (VIDEO_PID >> 8), VIDEO_PID & 0xff];
  return section([0x02, 0xb0, 18, 0, 1, 0xc1, 0, 0, ...clock, 0xf0, 0, 0x06, ...clock, 0xf0, 0]);
}

function section(body: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(body.length + 4);
  bytes.set(body);
  new DataView(bytes.buffer).setUint32(body.length, crc32Mpeg(bytes, 0, body.length));
  return bytes;
}
