// MPEG-2 transport streams (ISO/IEC 13818-1), checked in the order of ETSI TR 101 290: sync, transport error, continuity, PSI CRC, PCR.
import type { Decoder, StreamQuality } from "../format.js";
import { ContinuityCounters } from "../mpegts/continuity.js";
import { ProgramClock } from "../mpegts/program-clock.js";
import { SectionChecker } from "../mpegts/sections.js";

const PACKET = 188;
const SYNC = 0x47;
const NULL_PID = 0x1fff;
/** Sync is found again where this many packets in a row would begin with the sync byte: by chance once in 16 million positions. */
const SYNC_RUN = 3;
const LOOK_AHEAD = (SYNC_RUN - 1) * PACKET + 1;

export function createDecoder(): Decoder {
  return new MpegTsDecoder();
}

/**
 * A lone wrong sync byte (the next packet begins where it should) is one sync byte error and its packet still counts; otherwise sync is
 * lost, once, until it is found again.
 */
class MpegTsDecoder implements Decoder {
  private bytes = 0;
  private packets = 0;
  private locked = true;
  private syncByteErrors = 0;
  private syncLosses = 0;
  private skippedBytes = 0;
  private transportErrors = 0;
  private malformedPackets = 0;
  private truncatedPackets = 0;
  private readonly continuity = new ContinuityCounters();
  private readonly sections = new SectionChecker();
  private readonly clock = new ProgramClock();
  /** Bytes that could not be judged yet; its tail is room for what completes them. */
  private readonly carry = new Uint8Array(4 * LOOK_AHEAD);
  private carried = 0;

  push(chunk: Uint8Array, atMs: number): void {
    this.bytes += chunk.length;
    let at = 0;
    while (this.carried > 0 && at < chunk.length) {
      const before = this.carried;
      const added = Math.min(chunk.length - at, this.carry.length - before);
      this.carry.set(chunk.subarray(at, at + added), before);
      const judged = this.judge(this.carry.subarray(0, before + added), atMs, false);
      if (judged >= before) {
        at += judged - before;
        this.carried = 0;
      } else {
        this.carry.copyWithin(0, judged, before + added);
        this.carried = before + added - judged;
        at += added;
      }
    }
    if (at >= chunk.length) return;
    const rest = at === 0 ? chunk : chunk.subarray(at);
    const judged = this.judge(rest, atMs, false);
    this.carry.set(rest.subarray(judged), 0);
    this.carried = rest.length - judged;
  }

  end(): void {
    const judged = this.judge(this.carry.subarray(0, this.carried), Number.NaN, true);
    if (this.carried > judged) this.truncatedPackets++;
    this.carried = 0;
  }

  quality(): StreamQuality {
    const errors = {
      syncLosses: this.syncLosses,
      syncByteErrors: this.syncByteErrors,
      transportErrors: this.transportErrors,
      lostPackets: this.continuity.lost,
      reorderedPackets: this.continuity.reordered,
      duplicatePackets: this.continuity.duplicates,
      crcErrors: this.sections.crcErrors,
      pcrErrors: this.clock.errors,
      malformedPackets: this.malformedPackets,
      truncatedPackets: this.truncatedPackets,
    };
    const errorCount = Object.values(errors).reduce((sum, count) => sum + count, 0);
    const { packets: units, bytes, skippedBytes } = this;
    return { units, bytes, errors: { ...errors, skippedBytes }, errorCount, jitterMs: this.clock.jitterMs };
  }

  /** Judges as many bytes as can be judged without those to come (all of them if these are the last); returns how many. */
  private judge(data: Uint8Array, atMs: number, last: boolean): number {
    const judged = this.judgeLent(data, atMs, last);
    this.continuity.settle();
    return judged;
  }

  private judgeLent(data: Uint8Array, atMs: number, last: boolean): number {
    let at = 0;
    for (;;) {
      if (!this.locked) {
        at = this.search(data, at, last);
        if (!this.locked) return at;
      }
      if (at + PACKET > data.length) return at;
      if (data[at] !== SYNC) {
        if (at + PACKET === data.length && !last) return at;
        if (at + PACKET < data.length && data[at + PACKET] !== SYNC) {
          this.syncLosses++;
          this.locked = false;
          continue;
        }
        this.syncByteErrors++;
      }
      this.packet(data, at, atMs);
      at += PACKET;
    }
  }

  private search(data: Uint8Array, from: number, last: boolean): number {
    let at = from;
    for (; at < data.length; at++) {
      if (data[at] === SYNC) {
        if (at + LOOK_AHEAD > data.length && !last) break;
        if (this.runsFrom(data, at)) {
          this.locked = true;
          break;
        }
      }
      this.skippedBytes++;
    }
    return at;
  }

  private runsFrom(data: Uint8Array, at: number): boolean {
    for (let i = 1; i < SYNC_RUN; i++) {
      const next = at + i * PACKET;
      if (next < data.length && data[next] !== SYNC) return false;
    }
    return true;
  }

  private packet(data: Uint8Array, at: number, atMs: number): void {
    this.packets++;
    if ((data[at + 1] & 0x80) !== 0) {
      // The demodulator says that the packet is damaged: nothing in it, not even its PID, is to be believed.
      this.transportErrors++;
      return;
    }
    const pid = ((data[at + 1] & 0x1f) << 8) | data[at + 2];
    if (pid === NULL_PID) return;
    const control = (data[at + 3] >> 4) & 3;
    const adaptationLength = (control & 2) !== 0 ? data[at + 4] : -1;
    if (control === 0 || adaptationLength > (control === 2 ? 183 : 182)) {
      this.malformedPackets++;
      return;
    }
    const flags = adaptationLength > 0 ? data[at + 5] : 0;
    const announced = (flags & 0x80) !== 0;
    const hasPayload = (control & 1) !== 0;
    const accepted = this.continuity.check(pid, data[at + 3] & 15, hasPayload, announced, data, at);
    if (accepted === "repeated") return;
    if (accepted === "gap") this.sections.interrupt(pid);
    if ((flags & 0x10) !== 0) {
      if (adaptationLength < 7) this.malformedPackets++;
      else if (!this.clock.tick(pid, data, at + 6, announced, atMs)) this.malformedPackets++;
    }
    if (hasPayload && accepted !== "late") {
      const start = at + 5 + adaptationLength;
      this.sections.payload(pid, (data[at + 1] & 0x40) !== 0, data, start, at + PACKET);
    }
  }
}
