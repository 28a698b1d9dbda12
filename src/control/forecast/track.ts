/**
 * A growing row of numbers that can drop its beginning. Hot loops read `data` directly; it is valid
 * up to `length`.
 */
export class Track {
  data: Float64Array;
  length = 0;

  constructor(capacity = 1024) {
    this.data = new Float64Array(capacity);
  }

  append(value: number): void {
    if (this.length === this.data.length) {
      const wider = new Float64Array(2 * this.length);
      wider.set(this.data);
      this.data = wider;
    }
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
