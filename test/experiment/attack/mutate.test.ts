import { describe, expect, it } from "vitest";
import { withDuration } from "../../../src/experiment/attack/mutate.js";

const HOUR_MS = 3_600_000;

describe("a world with another duration", () => {
  it("keeps the share of minutes that may violate", () => {
    const budgetOf = (violatingMinutes: unknown) =>
      withDuration({ duration: "24h", slo: { startLatencyP99: "1s", violatingMinutes } }, HOUR_MS)?.slo;
    expect(budgetOf("48min")).toEqual({ startLatencyP99: "1s", violatingMinutes: "2min" });
    expect(budgetOf("1%")).toEqual({ startLatencyP99: "1s", violatingMinutes: "1%" });
    expect(withDuration({ duration: "24h" }, HOUR_MS)).toEqual({ duration: "1h" });
  });

  it("is none where the warm-up would leave too little of it", () => {
    expect(withDuration({ duration: "24h", warmup: "1h" }, 1.5 * HOUR_MS)).toBeUndefined();
  });
});
