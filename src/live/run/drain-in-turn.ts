import type { StreamletId } from "../../ports/fleet.js";

/**
 * If no other streamlet becomes ready (the policy wants none), the next one drains after this
 * time.
 */
const REPLACED_WITHIN_MS = 2000;

/**
 * Drains streamlets one after the other, each when another has become ready: a pool lacks at most
 * one.
 */
export class DrainInTurn {
  private readonly wakers = new Set<() => void>();

  constructor(private readonly drain: (id: StreamletId) => void) {}

  /** A streamlet has become ready. */
  onReady(): void {
    for (const wake of Array.from(this.wakers)) wake();
  }

  /** Streamlets for which `isDue` is false by now are skipped. */
  async drainAll(ids: readonly StreamletId[], isDue: (id: StreamletId) => boolean): Promise<void> {
    for (const id of ids) {
      if (!isDue(id)) continue;
      const replaced = this.nextReady();
      this.drain(id);
      await replaced;
    }
  }

  private nextReady(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(overdue);
        this.wakers.delete(done);
        resolve();
      };
      const overdue = setTimeout(done, REPLACED_WITHIN_MS);
      this.wakers.add(done);
    });
  }
}
