const FIRST_VALUES = 16;

/**
 * The largest of the latest values. It keeps those that are larger than all later ones, the oldest
 * first: a smaller one is never the largest again.
 */
export class RecentMaximum {
  /** Instants and values in turn; those at [first, end) are kept. */
  private numbers = new Float64Array(2 * FIRST_VALUES);
  private first = 0;
  private end = 0;

  /** Adds a value and returns the largest of those that are at most `memoryMs` old. */
  add(value: number, nowMs: number, memoryMs: number): number {
    const { numbers } = this;
    let { first, end } = this;
    while (first < end && numbers[first] < nowMs - memoryMs) first += 2;
    while (first < end && numbers[end - 1] <= value) end -= 2;
    this.first = first;
    this.end = end;
    this.append(nowMs, value);
    return this.numbers[this.first + 1];
  }

  private append(atMs: number, value: number): void {
    if (this.end === this.numbers.length) this.makeRoom();
    this.numbers[this.end] = atMs;
    this.numbers[this.end + 1] = value;
    this.end += 2;
  }

  /** Moves the kept values to the beginning, of larger memory if they fill half of it. */
  private makeRoom(): void {
    const kept = this.numbers.subarray(this.first, this.end);
    if (2 * kept.length > this.numbers.length) this.numbers = new Float64Array(2 * this.numbers.length);
    this.numbers.set(kept);
    this.first = 0;
    this.end = kept.length;
  }
}
