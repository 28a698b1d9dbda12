import { describe, expect, it } from "vitest";
import { Limiter } from "../../../src/live/limits/limiter.js";
import { noLimits } from "../../../src/live/limits/limits.js";
import { describeProofs, requireLimits, selfTest } from "../../../src/live/limits/self-test.js";

describe("the limits' self-test", () => {
  it("proves each limit that is enforced, says which are not, and --require-limits refuses those", async () => {
    const limiter = new Limiter();
    const proofs = await selfTest(limiter);
    limiter.close();
    console.log(describeProofs(proofs).join("\n"));
    for (const { by, proven, detail } of Object.values(proofs)) {
      if (detail.includes("NOT CHECKED")) console.log(detail);
      else expect(proven).toBe(by !== "none");
    }
    expect(() => requireLimits(proofs, [noLimits])).not.toThrow();
    const none = new Limiter([]);
    const without = await selfTest(none);
    expect(describeProofs(without)[0]).toBe("limit cpu: none (not enforced)");
    expect(() => requireLimits(without, [{ ...noLimits, cpu: 0.5 }])).toThrow(/cpu \(not enforced\)/);
    expect(() => requireLimits(without, [noLimits])).not.toThrow();
  });

  it("does not take a limit's word for it: one that does not bite is found out", async () => {
    const limiter = new Limiter([]);
    const boaster = Object.assign(Object.create(limiter) as Limiter, {
      enforced: { cpu: "cgroup2", memory: "none", pids: "cgroup2", network: "none" },
    });
    const proofs = await selfTest(boaster);
    expect(proofs.pids).toMatchObject({ by: "cgroup2", proven: false });
    expect(describeProofs(proofs).join()).toContain("DOES NOT HOLD");
    expect(() => requireLimits(proofs, [{ ...noLimits, pids: 3 }])).toThrow(/a second process was let in/);
  });
});
