import { describe, expect, it } from "vitest";
import { erlangB, erlangC } from "../../../src/base/queueing.js";
import { parseScenario } from "../../../src/experiment/scenario-file.js";
import type { ValidationRow } from "../../../src/experiment/validate/row.js";
import { scenarioText } from "../../../src/experiment/validate/scenario-text.js";
import { validationTable } from "../../../src/experiment/validate/table.js";
import { lengthOf, type ValidationOutcome, validate } from "../../../src/experiment/validate/validate.js";

function rowOf(id: string): ValidationRow {
  const row = validationTable.find((one) => one.id === id);
  if (row === undefined) throw new Error(`no row ${id}`);
  return row;
}

async function outcomeOf(rows: readonly ValidationRow[], seed = 3): Promise<ValidationOutcome> {
  return await validate(rows, 46, { seed, quick: true, threads: 0 });
}

describe("the table", () => {
  it("covers every line of the ground truths, at the figures that they state", () => {
    const ids = validationTable.map((row) => row.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [k, load] of [
      [10, 5],
      [50, 40],
      [100, 90],
    ]) {
      for (const law of ["exponential", "constant", "lognormal"]) {
        const row = rowOf(`erlang-b-${k}-${load}-${law}`);
        expect(row.checks[0].exact).toBe(erlangB(k, load));
      }
    }
    for (const part of ["erlang-c-5-4", "erlang-c-50-45", "pollaczek-khinchine", "erlang-a-100-100"])
      expect(ids.some((id) => id.startsWith(part))).toBe(true);
    for (const part of ["setup-1", "setup-10", "staggered-setup", "setup-unlimited", "fixed-spawn", "wave"])
      expect(ids.some((id) => id.startsWith(part))).toBe(true);
    expect(rowOf("square-root-100").checks[0].exact).toBe(erlangC(110, 100));
    expect(rowOf("square-root-400").checks[0].exact).toBe(erlangC(420, 400));
    expect(rowOf("setup-10").checks[0].exact).toBeCloseTo(2.66335, 5);
  });

  it("holds each number to the gate that ground truths state", () => {
    for (const row of validationTable) {
      const utilisationAbove = row.id === "erlang-c-50-45";
      for (const check of row.checks) {
        const wide = utilisationAbove && check.quantity === "E[wait]";
        expect([row.id, check.quantity, check.widestHalfWidth]).toEqual([row.id, check.quantity, wide ? 0.03 : 0.01]);
      }
    }
  });

  it("is made of scenarios that a user can write: each text is read, with the row's own seed and length", async () => {
    const hashes = new Set<string>();
    for (const row of validationTable) {
      const text = scenarioText(row, row.length, 7);
      const scenario = await parseScenario(`${row.id}.yaml`, text);
      expect(scenario.name).toBe(row.id);
      expect(scenario.durationMs - scenario.warmupMs).toBe(row.length.windowS * 1000);
      expect(scenario.replications).toBe(row.length.replications);
      expect(scenario.seed).not.toBe((await parseScenario("x.yaml", scenarioText(row, row.length, 8))).seed);
      hashes.add(scenario.hash);
    }
    expect(hashes.size).toBe(validationTable.length);
  });
});

describe("validate", () => {
  it("repeats by seed to the last bit, whatever else runs beside it, and differs between seeds", async () => {
    const [one, other] = [rowOf("setup-1-constant"), rowOf("fixed-spawn-10")];
    const together = await outcomeOf([other, one]);
    const alone = await outcomeOf([one]);
    expect(alone.rows[0]).toEqual(together.rows[1]);
    expect((await outcomeOf([one], 4)).rows[0].checks[0].simulated).not.toBe(alone.rows[0].checks[0].simulated);
    expect(alone.confidencePerCheck).toBeCloseTo(1 - 0.01 / 46, 12);
  });

  it("misses where the exact value is a wrong one", async () => {
    const row = rowOf("setup-1-constant");
    const [check, ...others] = row.checks;
    const wrong = { ...row, checks: [{ ...check, exact: Number(check.exact) * 1.2 }, ...others] };
    const outcome = await outcomeOf([wrong]);
    expect(outcome.pass).toBe(false);
    expect(outcome.rows[0].checks.map((one) => one.verdict)).toEqual(["outside the interval", "pass"]);
  });

  it("misses where the simulated system differs from the theory's", async () => {
    const row = rowOf("setup-1-constant");
    const scenario = { ...row.scenario, policies: [{ kind: "on-demand", idleTimeout: "2s" }] };
    expect((await outcomeOf([{ ...row, scenario }])).pass).toBe(false);
  });

  it("keeps run lengths that are fixed in advance, and shorter ones when quick", () => {
    for (const row of validationTable) {
      expect(lengthOf(row, false)).toBe(row.length);
      const quick = lengthOf(row, true);
      expect(quick.replications * quick.windowS).toBeLessThan((row.length.replications * row.length.windowS) / 10);
    }
  });

  it("ends when it is aborted", async () => {
    const options = { seed: 1, quick: true, threads: 0, signal: AbortSignal.abort() };
    await expect(validate([rowOf("fixed-spawn-10")], 46, options)).rejects.toThrow();
  });
});
