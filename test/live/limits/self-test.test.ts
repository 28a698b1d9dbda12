import { expect, it } from "vitest";
import { Limiter } from "../../../src/live/limits/limiter.js";
import { noLimits } from "../../../src/live/limits/limits.js";
import { describeProofs, requireLimits, selfTest } from "../../../src/live/limits/self-test.js";

it("the limits' self-test proves each enforced limit, and names those that --require-limits refuses", async () => {
  const limiter = new Limiter();
  const proofs = await selfTest(limiter);
  limiter.close();
  console.log(describeProofs(proofs).join("\n"));
  for (const { by, verdict, detail } of Object.values(proofs)) {
    if (verdict === "not-observed") console.log(detail);
    else expect(verdict).toBe(by === "none" ? "not-enforced" : "holds");
  }
  expect(() => requireLimits(proofs, [noLimits])).not.toThrow();
  const none = new Limiter([]);
  const without = await selfTest(none);
  expect(describeProofs(without)[0]).toBe("limit cpu: none (not enforced)");
  expect(() => requireLimits(without, [{ ...noLimits, cpu: 0.5 }])).toThrow(/cpu \(not enforced\)/);
  expect(() => requireLimits(without, [noLimits])).not.toThrow();
});
