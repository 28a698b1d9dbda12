/** Judges the beginning of some bytes that arrived at an instant; returns the number judged. */
type Judge = (data: Uint8Array, atMs: number) => number;

/**
 * Bytes that cannot be judged before later ones arrive. Whole chunks are judged where they are;
 * only the ends of chunks are copied.
 */
export class UnjudgedBytes {
  private readonly kept: Uint8Array;
  private length = 0;

  /** `most`: room for what `judge` leaves of a chunk, and for the bytes that complete it. */
  constructor(
    most: number,
    private readonly judge: Judge,
  ) {
    this.kept = new Uint8Array(most);
  }

  /** Judges what it can of the bytes so far and the chunk, and keeps the rest. */
  push(chunk: Uint8Array, atMs: number): void {
    let at = 0;
    while (this.length > 0 && at < chunk.length) {
      const before = this.length;
      const added = Math.min(chunk.length - at, this.kept.length - before);
      this.kept.set(chunk.subarray(at, at + added), before);
      const judged = this.judge(this.kept.subarray(0, before + added), atMs);
      if (judged >= before) {
        at += judged - before;
        this.length = 0;
      } else {
        this.kept.copyWithin(0, judged, before + added);
        this.length = before + added - judged;
        at += added;
      }
    }
    if (at >= chunk.length) return;
    const rest = at === 0 ? chunk : chunk.subarray(at);
    const judged = this.judge(rest, atMs);
    this.kept.set(rest.subarray(judged), 0);
    this.length = rest.length - judged;
  }

  /** The bytes that are left. They are no longer kept. */
  take(): Uint8Array {
    const rest = this.kept.subarray(0, this.length);
    this.length = 0;
    return rest;
  }
}
