import { describe, expect, it } from "vitest";
import { Streamlet } from "../../src/control/streamlet.js";

describe("the record of a streamlet", () => {
  it("begins as a spawning one without streams that was never ready and stays when hosts are cordoned", () => {
    const { state, eviction, open, backoffTerm, readyAtMs, activatedAtMs } = new Streamlet(7, 0, 2, 1000);
    expect({ state, eviction, open, backoffTerm, readyAtMs, activatedAtMs }).toEqual({
      ...{ state: "spawning", eviction: "none", open: 0, backoffTerm: -1 },
      ...{ readyAtMs: Number.NaN, activatedAtMs: Number.NaN },
    });
  });

  it("is in none of the arrays of its pool", () => {
    const { bucketPosition, availablePosition, memberPosition } = new Streamlet(7, 0, 2, 1000);
    expect([bucketPosition, availablePosition, memberPosition]).toEqual([-1, -1, -1]);
  });
});
