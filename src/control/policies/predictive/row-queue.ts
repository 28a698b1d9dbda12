const FIRST_ROWS = 16;

/**
 * A bounded queue of rows of numbers, first in, first out. One array holds all: as objects, a
 * minute's predictions were scattered over memory that is cold by the time that they are judged.
 */
export class RowQueue {
  /** Rows of `width` numbers each. It is replaced when it grows: read it after `add`. */
  numbers: Float64Array;
  private rows = FIRST_ROWS;
  private head = 0;
  length = 0;

  /** More than `most` rows are not kept. */
  constructor(
    private readonly width: number,
    private readonly most: number,
  ) {
    this.numbers = new Float64Array(FIRST_ROWS * width);
  }

  /** Adds a row for the caller to fill: it begins there in `numbers`. −1 = the queue is full. */
  add(): number {
    if (this.length === this.most) return -1;
    if (this.length === this.rows) this.grow();
    const row = (this.head + this.length) % this.rows;
    this.length++;
    return row * this.width;
  }

  /** Where the oldest row begins in `numbers`; there must be one. */
  get first(): number {
    return this.head * this.width;
  }

  dropFirst(): void {
    this.head = (this.head + 1) % this.rows;
    this.length--;
  }

  private grow(): void {
    const { numbers, width, rows } = this;
    const larger = new Float64Array(2 * rows * width);
    const start = this.head * width;
    larger.set(numbers.subarray(start));
    larger.set(numbers.subarray(0, start), numbers.length - start);
    this.numbers = larger;
    this.rows = 2 * rows;
    this.head = 0;
  }
}
