import { failedByItself, type StopReason, type StreamletId } from "../ports/fleet.js";

export interface QuarantineSpec {
  /** So many deaths of streamlets within `windowMs`, each while it carried the stream, and the stream is refused for `holdMs`. */
  readonly deaths: number;
  readonly windowMs: number;
  readonly holdMs: number;
}

/** Streams that are remembered; beyond that the one whose last death is longest ago is forgotten. 4,096 records take about 1 MB. */
const MAX_RECORDS = 4096;

const NONE: StreamletId = -1;

interface Suspect {
  /** Instants of the last deaths, oldest first, at most `deaths` of them. */
  readonly deathsAtMs: number[];
  heldUntilMs: number;
}

/**
 * Streams that kill: one whose bytes crash the decoder would else take down streamlet after streamlet as its client reconnects, and with each
 * all others that it carries. A stream that only happened to be there is suspected too; it takes several deaths in a row to be held.
 */
export class Quarantine {
  private dying: StreamletId = NONE;
  private readonly suspects = new Map<number, Suspect>();

  constructor(private readonly spec: QuarantineSpec) {}

  /** Streams that are remembered. */
  get size(): number {
    return this.suspects.size;
  }

  /** A streamlet is gone; what it carried is reported right after. Only some ends may be a stream's fault. */
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
    // Taken out and put in again: a Map is walked in the order of insertion, so the first is the one to forget.
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

  /** Is the stream to be refused? One whose time is over begins with a clean record. */
  holds(source: number, nowMs: number): boolean {
    const suspect = this.suspects.get(source);
    if (suspect === undefined) return false;
    if (nowMs < suspect.heldUntilMs) return true;
    if (suspect.heldUntilMs > Number.NEGATIVE_INFINITY) this.suspects.delete(source);
    return false;
  }
}
