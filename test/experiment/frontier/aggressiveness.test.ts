import { describe, expect, it } from "vitest";
import { policyKinds } from "../../../src/control/policies/registry.js";
import { aggressivenessOf } from "../../../src/experiment/frontier/aggressiveness.js";
import { policySchema } from "../../../src/world/scenario/schema/policies/entry.js";
import { policyKindSchemas } from "../../../src/world/scenario/schema/policies/kinds.js";
import { policySpec } from "../../world/ordinary-scenario.js";

/** What a kind cannot do without. */
const needed: Readonly<Record<string, Record<string, unknown>>> = {
  static: { count: 10 },
  schedule: { entries: [{ cron: "0 8 * * *", count: 40 }], otherwise: 10 },
};

describe("the knobs of aggressiveness", () => {
  it("exist for every built-in kind", () => {
    expect(policyKinds.filter((kind) => aggressivenessOf(policySpec(kind, needed[kind] ?? {})) === undefined)).toEqual(
      [],
    );
    expect(aggressivenessOf(policySpec("./my-policy.ts", {}))).toBeUndefined();
  });

  it.each(policyKinds.filter((kind) => kind !== "on-demand"))(
    "make knobs that the schema of %s accepts, each value another policy",
    (kind) => {
      const aggressiveness = aggressivenessOf(policySpec(kind, needed[kind] ?? {}));
      const schema = policySchema(kind, policyKindSchemas[kind]);
      const made = (aggressiveness?.grid ?? []).map((value) =>
        aggressiveness?.apply(policySpec(kind, needed[kind] ?? {}), value, 8),
      );
      for (const spec of made) {
        const parsed = schema.safeParse({ kind, ...spec?.knobs });
        expect(parsed.error?.issues ?? []).toEqual([]);
      }
      expect(new Set(made.map((spec) => JSON.stringify(spec?.knobs))).size).toBe(made.length);
    },
  );

  it("keep the policy's other knobs, and remove those that would set the same thing twice", () => {
    const hpa = policySpec("hpa", { targetOpenStreams: 6, tolerance: 0.02 });
    expect(aggressivenessOf(hpa)?.apply(hpa, 0.8, 8).knobs).toEqual({ tolerance: 0.02, targetUtilisation: 0.8 });
    const priced = policySpec("predictive", { violationPrice: 5, forecaster: "none" });
    expect(aggressivenessOf(priced)?.apply(priced, 0.01, 8).knobs).toEqual({
      forecaster: "none",
      quantile: 0.99,
    });
  });

  it("leave a margin that was written as β one: sweeping the quantile would be sweeping another policy", () => {
    const rooted = policySpec("predictive", { beta: 1 });
    expect(aggressivenessOf(rooted)?.knob).toBe("beta");
    expect(aggressivenessOf(rooted)?.apply(rooted, 2.6, 8).knobs).toEqual({ beta: 2.6 });
  });
});
