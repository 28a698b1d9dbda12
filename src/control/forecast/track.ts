/**
 * A growing row of numbers that can drop its beginning. Hot loops read `data` directly; it is valid
 * up to `length`.
 */
export class Track {
  data: Float64Array;
  length = 0;

  constructor(capacity = 64) {
    this.data = new Float64Array(capacity);
  }

  /** Makes room for this many numbers at once: growth by doubling leaves as much garbage again. */
  reserve(capacity: number): void {
    if (capacity <= this.data.length) return;
    const wider = new Float64Array(capacity);
    wider.set(this.data.subarray(0, this.length));
    this.data = wider;
  }

  /** Before the first number, for a row that will grow with `other`: room for as many. */
  growWith(other: Track): void {
    if (this.length === 0) this.reserve(other.data.length);
  }

  append(value: number): void {
    if (this.length === this.data.length) this.reserve(2 * this.length);
    this.data[this.length++] = value;
  }

  dropFirst(count: number): void {
    this.data.copyWithin(0, count, this.length);
    this.length -= count;
  }

  clear(): void {
    this.length = 0;
  }
}
