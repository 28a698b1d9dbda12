import { failedByItself, type StopReason, type StreamletId } from "../ports/fleet.js";

export interface QuarantineSpec {
  /**
   * A stream is refused for `holdMs` after this many streamlets failed within `windowMs` while they
   * carried it.
   */
  readonly deaths: number;
  readonly windowMs: number;
  readonly holdMs: number;
}

/**
 * Streams on record. Beyond it, the stream whose last failure is oldest is dropped. 4,096 records
 * take about 1 MB.
 */
const MAX_RECORDS = 4096;

const NONE: StreamletId = -1;

interface Suspect {
  /** Instants of the last deaths, oldest first, at most `deaths` of them. */
  readonly deathsAtMs: number[];
  heldUntilMs: number;
}

/**
 * Refuses streams that crash streamlets. A stream whose bytes crash the decoder would otherwise
 * take down one streamlet after another as its client reconnects, and with each of them all other
 * streams on it. A stream that was there only by chance is suspected too, so it takes several
 * failures in a row to quarantine a stream.
 */
export class Quarantine {
  private dying: StreamletId = NONE;
  private readonly suspects = new Map<number, Suspect>();

  constructor(private readonly spec: QuarantineSpec) {}

  /** Streams that are remembered. */
  get size(): number {
    return this.suspects.size;
  }

  /**
   * A streamlet has ended; its streams are reported right after. Only some stop reasons may be
   * caused by a stream.
   */
  onStopped(id: StreamletId, reason: StopReason): void {
    this.dying = failedByItself(reason) ? id : NONE;
  }

  onStreamEnded(id: StreamletId, source: number | undefined, nowMs: number): void {
    if (id === this.dying && source !== undefined) this.charge(source, nowMs);
  }

  /** A streamlet died while it carried this stream. True if the stream is held from now on. */
  charge(source: number, nowMs: number): boolean {
    const { deaths, windowMs, holdMs } = this.spec;
    const suspect = this.suspects.get(source) ?? { deathsAtMs: [], heldUntilMs: Number.NEGATIVE_INFINITY };
    // Deleted and inserted again: a Map iterates in order of insertion, so the first entry is the
    // oldest.
    this.suspects.delete(source);
    this.suspects.set(source, suspect);
    suspect.deathsAtMs.push(nowMs);
    if (suspect.deathsAtMs.length > deaths) suspect.deathsAtMs.shift();
    if (this.suspects.size > MAX_RECORDS) {
      for (const eldest of this.suspects.keys()) {
        this.suspects.delete(eldest);
        break;
      }
    }
    if (suspect.deathsAtMs.length < deaths || nowMs - suspect.deathsAtMs[0] > windowMs) return false;
    suspect.heldUntilMs = nowMs + holdMs;
    return true;
  }

  /** True if the stream is to be refused. After the hold its record starts afresh. */
  holds(source: number, nowMs: number): boolean {
    const suspect = this.suspects.get(source);
    if (suspect === undefined) return false;
    if (nowMs < suspect.heldUntilMs) return true;
    if (suspect.heldUntilMs > Number.NEGATIVE_INFINITY) this.suspects.delete(source);
    return false;
  }
}
