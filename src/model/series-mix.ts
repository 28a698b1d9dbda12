import type { RandomStream } from "../base/random.js";
import { DrawnAhead } from "./drawn-ahead.js";

/**
 * Draws the series of an arrival, by fixed weights or by weights per bin. A linear scan of a
 * cumulative table is enough: a mix has few entries. With one series no number is drawn.
 */
export class SeriesMix {
  private readonly cumulative: Float64Array;
  private readonly uniforms: DrawnAhead;

  constructor(
    private readonly seriesCount: number,
    weights: Float64Array,
    private readonly bins: { readonly originMs: number; readonly binMs: number },
    private readonly random: RandomStream,
  ) {
    // Bound: V8 compiled an arrow function again in each run.
    this.uniforms = new DrawnAhead(this.drawUniforms.bind(this));
    this.cumulative = new Float64Array(weights.length);
    for (let start = 0; start < weights.length; start += seriesCount) {
      let sum = 0;
      for (let s = 0; s < seriesCount; s++) {
        sum += weights[start + s];
        this.cumulative[start + s] = sum;
      }
    }
  }

  private drawUniforms(block: Float64Array): void {
    for (let i = 0; i < block.length; i++) block[i] = this.random.uniform();
  }

  draw(atMs: number): number {
    const count = this.seriesCount;
    if (count === 1) return 0;
    const rows = this.cumulative.length / count;
    const row = rows === 1 ? 0 : Math.min(rows - 1, Math.floor((atMs - this.bins.originMs) / this.bins.binMs));
    const start = row * count;
    const u = this.uniforms.next() * this.cumulative[start + count - 1];
    for (let s = 0; s < count - 1; s++) if (u < this.cumulative[start + s]) return s;
    return count - 1;
  }
}
