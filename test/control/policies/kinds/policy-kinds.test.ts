import { describe, expect, it } from "vitest";
import { caveatsOf } from "../../../../src/control/policies/caveats.js";
import type { Knob, Knobs } from "../../../../src/control/policies/kinds/knob.js";
import { withUnits } from "../../../../src/control/policies/kinds/knob-units.js";
import {
  builtInPolicies,
  createBuiltInPolicy,
  isBuiltInPolicy,
  kindsWithin,
  policyKinds,
} from "../../../../src/control/policies/registry.js";
import { policySchema } from "../../../../src/world/scenario/schema/policies/entry.js";
import { policyKindSchemas } from "../../../../src/world/scenario/schema/policies/kinds.js";
import { handContext } from "../hand-observation.js";
import { observation, pastBins } from "../predictive/hand-made-observation.js";
import { ofKinds } from "./kind-defaults.js";

/** Every sentence about a knob inside this one, and about itself. */
function sentences(knob: Knob & { readonly about?: string }): string[] {
  const own = knob.about === undefined ? [] : [knob.about];
  if (knob.type === "object") return [...own, ...Object.values(knob.keys).flatMap(sentences)];
  if (knob.type === "list" || knob.type === "map") return [...own, ...sentences(knob.of)];
  if (knob.type === "variants") return [...own, ...knob.of.flatMap(sentences)];
  return own;
}

/** What a kind cannot do without. */
const needed: Readonly<Record<string, Knobs>> = {
  static: { count: 3 },
  schedule: { entries: [{ cron: "0 8 * * *", count: 4 }] },
  hybrid: { reactive: { kind: "hpa", tickMs: 15_000, scrapeLagMs: 15_000, knobs: {} } },
};

function isTaken(kind: string, knobs: Knobs): boolean {
  return policySchema(kind, policyKindSchemas[kind]).safeParse({ kind, ...knobs }).success;
}

describe("each kind of policy", () => {
  it.each([...builtInPolicies])("%s is described: its row of the docs, and a sentence for each knob", (kind, one) => {
    expect(one.kind).toBe(kind);
    for (const [column, text] of Object.entries(one.docs)) expect(text, column).not.toBe("");
    expect(Object.keys(one.docs).sort()).toEqual(["constants", "decides", "imitates", "metricsAge", "source"]);
    for (const sentence of Object.values(one.knobs).flatMap(sentences))
      expect(sentence, sentence).toMatch(/^\S.{9,}\.$/);
  });

  it("says in the docs how often it decides and how old its metrics are", () => {
    for (const [kind, { docs, runs }] of builtInPolicies) {
      if (Number.isFinite(runs.tickMs))
        expect(docs.decides, kind).toMatch(new RegExp(`^every ${runs.tickMs / 1000} s`));
      if (docs.metricsAge.startsWith("it reads")) expect(runs.scrapeLagMs, kind).toBe(0);
      else expect(docs.metricsAge, kind).toMatch(new RegExp(`^${runs.scrapeLagMs / 1000} s`));
    }
  });

  it("has a knob for each default of its policy, and no other", () => {
    for (const [kind, own] of Object.entries(ofKinds)) {
      const knobs = builtInPolicies.get(kind)?.knobs ?? {};
      const named = Object.keys(withUnits(knobs, Object.fromEntries(Object.keys(knobs).map((key) => [key, 0]))));
      expect(named.sort(), kind).toEqual(Object.keys(own).sort());
    }
  });

  it("needs no knob but a count or entries", () => {
    const required = [...builtInPolicies].flatMap(([kind, { knobs }]) =>
      Object.entries(knobs).flatMap(([key, knob]) => (knob.optional === true ? [] : [`${kind}.${key}`])),
    );
    expect(required).toEqual(["static.count"]);
    for (const kind of policyKinds) expect(isTaken(kind, kind === "static" ? { count: 3 } : {}), kind).toBe(true);
  });

  it("makes its policy, of which only some wake between ticks or retire what is empty", () => {
    const made = policyKinds.map((kind) => [kind, createBuiltInPolicy(kind, needed[kind] ?? {}, handContext)] as const);
    const woken = made.flatMap(([kind, { wakeOn }]) => (wakeOn === undefined ? [] : [[kind, ...wakeOn]]));
    expect(woken).toEqual([
      ["on-demand", "no-free-slot", "stream-ended", "streamlet-changed"],
      ["kpa", "no-free-slot"],
    ]);
    expect(() => createBuiltInPolicy("other", {}, handContext)).toThrow("there is no built-in policy other");
    expect([isBuiltInPolicy("hpa"), isBuiltInPolicy("other")]).toEqual([true, false]);
  });

  it("that is named after a forecaster forecasts by that one", () => {
    // Eight days with 5 arrivals per bin from midnight to noon and 50 from noon; it is midnight.
    const counts = Array.from({ length: 8 * 288 }, (_, bin) => (bin % 288 < 144 ? 5 : 50));
    const next = ["last-value", "seasonal-naive"].map((kind) => {
      const policy = createBuiltInPolicy(kind, {}, handContext);
      policy.decide(observation(0, {}, { history: pastBins(counts) }), 0);
      return policy.outlook?.(0)?.forecast.mean[0] ?? Number.NaN;
    });
    // The last bin had 50, midnight has 5: which one it is, is plain beyond the half between them.
    expect(next[0]).toBeGreaterThan(27.5);
    expect(next[1]).toBeLessThan(27.5);
  });

  it("stands within a hybrid or scales hosts only where it declares so", () => {
    expect(kindsWithin("hosts")).toEqual(["hpa", "square-root", "last-value", "seasonal-naive", "predictive"]);
    const alone = ["on-demand", "aws-predictive", "last-value", "seasonal-naive", "predictive", "hybrid"];
    expect(policyKinds.filter((kind) => !kindsWithin("hybrid").includes(kind))).toEqual(alone);
  });

  it("measures holding times, or forecasts, only where it uses them", () => {
    const kinds = [...builtInPolicies.values()];
    const own = ["last-value", "seasonal-naive", "predictive", "hybrid"];
    expect(kinds.filter(({ forecasts }) => forecasts === true).map(({ kind }) => kind)).toEqual(own);
    expect(kinds.filter(({ looksAtHolding }) => looksAtHolding === true).map(({ kind }) => kind)).toEqual([
      "aws-predictive",
      ...own,
    ]);
  });

  it("that imitates something undisclosed has a caveat beside its results", () => {
    const policies = [
      { name: "ours", kind: "predictive" },
      { name: "theirs", kind: "aws-predictive" },
      { name: "mine", kind: "./mine.ts" },
    ];
    expect(caveatsOf(policies)).toEqual([expect.stringMatching(/^theirs: its forecast is a stand-in .+ Amazon .+/)]);
  });
});
