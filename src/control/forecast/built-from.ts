import type { BinHistory } from "./bin-history.js";

/**
 * What a model's running state was built from. A fit learns, restores, learns again and restores
 * again, all from one history: the state is then built once, or once for each origin of a scale.
 */
export class BuiltFrom {
  private history: BinHistory | undefined;
  private length = 0;
  private origin = 0;

  set(history: BinHistory, origin: number): void {
    this.history = history;
    this.length = history.length;
    this.origin = origin;
  }

  /** The state was changed: it belongs to no history as a whole. */
  clear(): void {
    this.history = undefined;
  }

  is(history: BinHistory, origin: number): boolean {
    return this.history === history && this.length === history.length && this.origin === origin;
  }
}
