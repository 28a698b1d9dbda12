// MPEG-2 transport streams (ISO/IEC 13818-1), checked in the order of ETSI TR 101 290: sync,
// transport error, continuity, PSI CRC, PCR.
import type { CreateWriter, Decoder, StreamQuality } from "../format.js";
import { ContinuityCounters } from "../mpegts/continuity.js";
import { ProgramClock } from "../mpegts/program-clock.js";
import { SectionChecker } from "../mpegts/sections.js";
import {
  firstSync,
  LOOK_AHEAD,
  type MpegTsStride,
  NULL_PID,
  PACKET,
  STRIDES,
  SYNC,
  SYNC_RUN,
  strideAtStart,
  syncs,
} from "../mpegts/sync.js";
import { UnjudgedBytes } from "../mpegts/unjudged-bytes.js";

export function createDecoder(): Decoder {
  return new MpegTsDecoder();
}

export async function loadWriter(): Promise<CreateWriter> {
  const { MpegTsWriter } = await import("../mpegts/writer.js");
  return (bitsPerSecond) => new MpegTsWriter(bitsPerSecond);
}

/**
 * If one sync byte is wrong and the next packet begins in its place, that is one sync byte error,
 * and the packet counts. Otherwise sync is lost until it is found again: one sync loss. One
 * damage is one error: its consequences are not counted again.
 */
class MpegTsDecoder implements Decoder {
  private bytes = 0;
  private packets = 0;
  private state: "beginning" | "locked" | "searching" = "beginning";
  private stride: MpegTsStride = PACKET;
  /** Bytes before the next sync byte that belong to no packet. */
  private between = 0;
  private syncByteErrors = 0;
  private syncLosses = 0;
  private skippedBytes = 0;
  private skippedBefore = 0;
  private transportErrors = 0;
  private malformedPackets = 0;
  private truncatedPackets = 0;
  private unrecognisedPackets = 0;
  /** Damages so far, except those of tables and clocks. */
  private damages = 0;
  private readonly continuity = new ContinuityCounters();
  private readonly sections = new SectionChecker();
  private readonly clock = new ProgramClock();
  private readonly unjudged = new UnjudgedBytes(4 * LOOK_AHEAD, (data, atMs) => this.judge(data, atMs, false));

  push(chunk: Uint8Array, atMs: number): void {
    this.bytes += chunk.length;
    this.unjudged.push(chunk, atMs);
  }

  end(): void {
    const rest = this.unjudged.take();
    if (rest.length > this.judge(rest, Number.NaN, true)) this.truncatedPackets++;
    if (this.packets === 0) this.unrecognisedPackets = Math.ceil(this.bytes / PACKET);
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
      malformedPackets: this.malformedPackets + this.continuity.damagedCounters,
      truncatedPackets: this.truncatedPackets,
      unrecognisedPackets: this.unrecognisedPackets,
    };
    const errorCount = Object.values(errors).reduce((sum, count) => sum + count, 0);
    const { packets: units, bytes, skippedBytes } = this;
    const unrecognised = this.unrecognisedPackets > 0;
    return {
      units,
      bytes,
      unrecognised,
      errors: { ...errors, skippedBytes },
      errorCount,
      jitterMs: this.clock.jitterMs,
    };
  }

  /**
   * Judges the bytes that need no later ones to be judged; all of them if they are the last.
   * Returns their number.
   */
  private judge(data: Uint8Array, atMs: number, last: boolean): number {
    const judged = this.judgeLent(data, atMs, last);
    this.continuity.settle();
    return judged;
  }

  private judgeLent(data: Uint8Array, atMs: number, last: boolean): number {
    let at = 0;
    for (;;) {
      if (this.state === "beginning" && !this.begin(data, last)) return at;
      if (this.state === "searching") {
        at = this.search(data, at, last);
        if (this.state === "searching") return at;
      }
      const between = Math.min(this.between, data.length - at);
      this.between -= between;
      at += between;
      if (at + PACKET > data.length) return at;
      if (data[at] !== SYNC) {
        const next = at + this.stride;
        if (next >= data.length && !last) return at;
        if (next < data.length && data[next] !== SYNC) {
          this.loseSync();
          continue;
        }
        this.syncByteErrors++;
      }
      this.packet(data, at, atMs);
      at += PACKET;
      this.between = this.stride - PACKET;
    }
  }

  /** Finds the distance between packets; false if that takes more bytes. */
  private begin(data: Uint8Array, last: boolean): boolean {
    if (data.length < LOOK_AHEAD && !last) return false;
    const stride = strideAtStart(data);
    if (stride !== undefined) {
      this.stride = stride;
      this.between = firstSync(stride);
      this.state = "locked";
      return true;
    }
    if (data.length > 0) this.loseSync();
    return data.length > 0;
  }

  private loseSync(): void {
    this.syncLosses++;
    this.damages++;
    this.state = "searching";
    this.skippedBefore = this.skippedBytes;
    this.sections.interruptAll();
  }

  private search(data: Uint8Array, from: number, last: boolean): number {
    let at = from;
    for (; at < data.length; at++) {
      if (data[at] === SYNC) {
        if (at + LOOK_AHEAD > data.length && !last) break;
        const stride = this.strideFrom(data, at);
        if (stride !== undefined) {
          this.stride = stride;
          this.between = 0;
          this.state = "locked";
          this.continuity.excuseAny(Math.ceil((this.skippedBytes - this.skippedBefore) / PACKET));
          break;
        }
      }
      this.skippedBytes++;
    }
    return at;
  }

  /**
   * The distance between packets from here on: the same as before, or, at the start of a stream,
   * that of the first whole run. Undefined if there is no run.
   */
  private strideFrom(data: Uint8Array, at: number): MpegTsStride | undefined {
    const there = Math.min(SYNC_RUN, Math.ceil((data.length - at) / this.stride));
    if (syncs(data, at, this.stride) === there) return this.stride;
    return this.packets > 0 ? undefined : STRIDES.find((stride) => syncs(data, at, stride) === SYNC_RUN);
  }

  private packet(data: Uint8Array, at: number, atMs: number): void {
    this.packets++;
    this.sections.beginPacket();
    const pid = ((data[at + 1] & 0x1f) << 8) | data[at + 2];
    const control = (data[at + 3] >> 4) & 3;
    const counter = data[at + 3] & 15;
    const hasPayload = (control & 1) !== 0;
    if ((data[at + 1] & 0x80) !== 0) {
      // The demodulator marked the packet as damaged: nothing in it is used, not even its PID.
      this.transportErrors++;
      this.excuse(pid, counter, hasPayload);
      return;
    }
    if (pid === NULL_PID) return;
    const adaptationLength = (control & 2) !== 0 ? data[at + 4] : -1;
    if (control === 0 || adaptationLength > (control === 2 ? 183 : 182)) {
      this.malformedPackets++;
      this.excuse(pid, counter, true);
      return;
    }
    const flags = adaptationLength > 0 ? data[at + 5] : 0;
    const announced = (flags & 0x80) !== 0;
    const accepted = this.continuity.check(pid, counter, hasPayload, announced, data, at);
    if (accepted === "repeated") return;
    if (accepted === "gap") {
      this.sections.interrupt(pid);
      if (!announced) this.damages++;
    }
    if ((flags & 0x10) !== 0 && accepted !== "late") this.tick(pid, data, at, adaptationLength, announced, atMs);
    if (hasPayload && accepted !== "late") {
      const starts = (data[at + 1] & 0x40) !== 0;
      const afterLoss = accepted === "gap" && !announced;
      this.sections.payload(pid, starts, afterLoss, data, at + 5 + adaptationLength, at + PACKET);
    }
  }

  private tick(pid: number, data: Uint8Array, at: number, length: number, announced: boolean, atMs: number): void {
    if (length >= 7 && this.clock.tick(pid, data, at + 6, announced, atMs, this.damages)) return;
    this.malformedPackets++;
    this.damages++;
  }

  private excuse(pid: number, counter: number, hasPayload: boolean): void {
    this.damages++;
    this.sections.interrupt(pid);
    this.continuity.excuse(pid, counter, hasPayload);
  }
}
