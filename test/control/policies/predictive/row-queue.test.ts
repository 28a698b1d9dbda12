import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../../src/base/random.js";
import { RowQueue } from "../../../../src/control/policies/predictive/row-queue.js";

describe("a queue of rows", () => {
  it("gives rows back in the order in which they came, also after it has grown in mid-ring", () => {
    const random = new RandomStream("rows");
    const queue = new RowQueue(3, 1000);
    let came = 0;
    let went = 0;
    for (let step = 0; step < 3000; step++) {
      // It fills on average, with stretches in which it empties.
      if (queue.length > 0 && random.uniform() < (step % 700 < 500 ? 0.4 : 0.7)) {
        expect([...queue.numbers.subarray(queue.first, queue.first + 3)]).toEqual([went, 2 * went, -went]);
        queue.dropFirst();
        went++;
      } else {
        const row = queue.add();
        queue.numbers.set([came, 2 * came, -came], row);
        came++;
      }
      expect(queue.length).toBe(came - went);
    }
    expect(went).toBeGreaterThan(1000);
  });

  it("takes no more rows than it may keep", () => {
    const queue = new RowQueue(1, 20);
    for (let i = 0; i < 20; i++) expect(queue.add()).toBeGreaterThanOrEqual(0);
    expect(queue.add()).toBe(-1);
    queue.dropFirst();
    expect(queue.add()).toBeGreaterThanOrEqual(0);
  });
});
