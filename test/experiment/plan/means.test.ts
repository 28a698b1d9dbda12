import { describe, expect, it } from "vitest";
import { erlangBServers } from "../../../src/base/queueing.js";
import type { PlanDocument } from "../../../src/experiment/plan/plan-document.js";
import { lossWorld, planOf } from "./small-worlds.js";

/** A day may lose half of its requests; on average over the days it is to be far fewer. */
function planWith(counts: string, onAverage: string): Promise<PlanDocument> {
  return planOf(
    lossWorld(5, 2, counts, 0.5).map((line) =>
      line.startsWith("plan") ? line.replace("plan: {", `plan: {onAverage: ${onAverage}, `) : line,
    ),
  );
}

describe("a bound of the mean over days", () => {
  it("is met by Erlang B's number of servers, which the cheaper neighbour proves too few", async () => {
    const plan = await planWith("{from: 1, to: 16, step: 1}", "{rejectedRatio: 0.02}");
    const exact = erlangBServers(5, 0.02);
    expect(plan.values["policies.static.count"]).toBe(exact);
    expect(plan.means).toHaveLength(1);
    expect(plan.means[0]).toMatchObject({ metric: "rejectedRatio", bound: 0.02, met: true });
    expect(plan.nextCheaper[0].misses[0]).toMatchObject({ bound: "rejectedRatio", allowed: 0.02, day: null });
    const texts = plan.statements.map(({ text }) => text);
    expect(texts.some((text) => /^On average over \d+ fresh days: rejected requests: 1\.\d+ %/.test(text))).toBe(true);
    expect(texts.some((text) => text.includes("where 2 % is allowed, on average over the days"))).toBe(true);
  });

  it("leaves no plan where no value keeps it", async () => {
    const plan = await planWith("{from: 4, to: 8, step: 1}", "{rejectedRatio: 0.02}");
    expect(plan.feasible).toBe(false);
    expect(plan.answer).toMatch(/^No design meets the SLO/);
  });
});
