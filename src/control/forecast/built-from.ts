import { FLOAT_ZERO } from "../../base/float-zero.js";
import type { BinHistory } from "./bin-history.js";

/**
 * Identifies the history that a model's running state was built from. A fit learns and restores
 * twice from one history. The state is then built once, or once per origin of a scale.
 */
export class BuiltFrom {
  private history: BinHistory | undefined;
  private length = 0;
  private origin = FLOAT_ZERO;

  set(history: BinHistory, origin: number): void {
    this.history = history;
    this.length = history.length;
    this.origin = origin;
  }

  /** The state was changed: it no longer belongs to one history. */
  clear(): void {
    this.history = undefined;
  }

  is(history: BinHistory, origin: number): boolean {
    return this.isOf(history) && this.length === history.length && this.origin === origin;
  }

  /** Whether it was built from that history, of whatever length, at any origin. */
  isOf(history: BinHistory): boolean {
    return this.history === history;
  }
}
