const BLOCK = 256;

/**
 * Numbers of one law that are drawn in blocks, in the order in which they are taken. So the draws
 * run in one loop, where none of them is boxed. The random stream must serve nothing else: the
 * block takes numbers from it that may never be used.
 */
export class DrawnAhead {
  private readonly block = new Float64Array(BLOCK);
  private at = BLOCK;

  /** `fill` writes the next numbers over all of `block`. */
  constructor(private readonly fill: (block: Float64Array) => void) {}

  next(): number {
    if (this.at === BLOCK) {
      this.fill(this.block);
      this.at = 0;
    }
    return this.block[this.at++];
  }
}
