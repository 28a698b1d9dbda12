import { objectList } from "../../base/object-list.js";
import type { DecisionRecord } from "../../ports/telemetry.js";

const HOUR_MS = 3_600_000;
/** Most texts whose hash is kept. Further texts of a policy are hashed again each time. */
const TEXTS_KEPT = 1000;
const FNV_PRIME = 0x01000193;
/** Also the hash of the empty text. */
const FNV_OFFSET = 0x811c9dc5;

/** All decisions of a run as short hashes: equal digests mean equal decisions. */
export interface DecisionDigestRecord {
  /** Decisions in the digest. */
  readonly count: number;
  /** 16 hex digits over every decision of the run. */
  readonly whole: string;
  /**
   * `hours[h]` covers all decisions before (h + 1) h, so the first entry that differs between two
   * runs names the hour of the first decision that differs.
   */
  readonly hours: readonly string[];
}

/**
 * Hashes decisions as they are recorded: instant, pool, count, reason and refusal (FNV-1a in two
 * 32-bit halves with different offsets, Fowler, Noll, Vo 1991). 64 bits distinguish versions of a
 * policy; they are no cryptographic hash.
 */
export class DecisionDigest {
  private high = FNV_OFFSET;
  private low = 0xc9dc5811;
  private count = 0;
  private readonly hours = objectList<string>();
  private readonly texts = new Map<string, number>();
  /** By pool, the latest reason and its hash: most decisions have the reason of the one before. */
  private readonly lastReasons = objectList<string>();
  private readonly lastHashes: number[] = [];
  /** What is hashed of a decision: its numbers, each in two halves, and hashes of its texts. */
  private readonly numbers = new Float64Array(2);
  private readonly halves = new Int32Array(this.numbers.buffer);
  private readonly words = new Int32Array(7);

  add({ atMs, pool, desired, reason, refusal }: DecisionRecord): void {
    this.closeHours(atMs);
    this.count++;
    if (reason !== this.lastReasons[pool]) {
      this.lastReasons[pool] = reason;
      this.lastHashes[pool] = this.textHash(reason);
    }
    const { numbers, halves, words } = this;
    numbers[0] = atMs;
    numbers[1] = desired;
    words[0] = halves[0];
    words[1] = halves[1];
    words[2] = pool;
    words[3] = halves[2];
    words[4] = halves[3];
    words[5] = this.lastHashes[pool];
    words[6] = refusal === "" ? FNV_OFFSET : this.textHash(refusal);
    this.mixWords();
  }

  /** The digest of a run that ended at `endMs`. */
  record(endMs: number): DecisionDigestRecord {
    this.closeHours(endMs);
    const whole = this.hex();
    const hours = this.hours.length * HOUR_MS < endMs ? [...this.hours, whole] : [...this.hours];
    return { count: this.count, whole, hours };
  }

  private closeHours(nowMs: number): void {
    while ((this.hours.length + 1) * HOUR_MS <= nowMs) this.hours.push(this.hex());
  }

  /** The second half includes the count, so that the two halves differ. */
  private mixWords(): void {
    const { words, count } = this;
    let { high, low } = this;
    for (let i = 0; i < words.length; i++) {
      const word = words[i];
      high = Math.imul(high ^ (word & 0xffff), FNV_PRIME);
      high = Math.imul(high ^ (word >>> 16), FNV_PRIME);
      low = Math.imul(low ^ ((word + count) & 0xffff), FNV_PRIME);
      low = Math.imul(low ^ (word >>> 16), FNV_PRIME);
    }
    this.high = high;
    this.low = low;
  }

  private textHash(text: string): number {
    const known = this.texts.get(text);
    if (known !== undefined) return known;
    let hash = FNV_OFFSET;
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME);
    if (this.texts.size < TEXTS_KEPT) this.texts.set(text, hash);
    return hash;
  }

  private hex(): string {
    const half = (value: number): string => (value >>> 0).toString(16).padStart(8, "0");
    return half(this.high) + half(this.low);
  }
}
