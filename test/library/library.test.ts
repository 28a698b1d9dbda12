import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import {
  compare,
  forecast,
  InputError,
  parseScenario,
  plan,
  readResult,
  readScenario,
  simulate,
} from "../../src/index.js";
import { Folder, quickScenario, quickTrace, root } from "../cli/real-command.js";

const two = quickScenario({ "  - {kind: static, count: 10}": "  - {kind: static, count: 10}\n  - {kind: hpa}" });
const folder = new Folder({
  "s.yaml": two,
  "t.csv": quickTrace(288 * 3, (i) => 100 + 50 * Math.sin((i / 288) * 2 * Math.PI)),
});
afterAll(() => folder.dispose());
const at = (name: string): string => join(folder.path, name);

describe("the library", () => {
  it("simulates without writing a file, with progress up to 1", async () => {
    const shares: number[] = [];
    const scenario = await readScenario(at("s.yaml"), { replications: 2 });
    const result = await simulate(scenario, { threads: 0, onProgress: (share) => shares.push(share) });
    expect(result.policies.map(({ name }) => name)).toEqual(["static", "hpa"]);
    expect(result.policies[0].metrics.arrivals.n).toBe(2);
    expect(shares.at(-1)).toBe(1);
    expect(folder.list()).toEqual(["s.yaml", "t.csv"]);
  });

  it("stops where its signal is raised", async () => {
    const scenario = await parseScenario("s.yaml", two);
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(simulate(scenario, { signal, threads: 0 })).rejects.toThrow("enough");
    await expect(forecast(at("t.csv"), { signal, threads: 0 })).rejects.toThrow("enough");
    await expect(plan(at("s.yaml"), { signal })).rejects.toThrow("enough");
  });

  it("reads a result again, and compares two", async () => {
    const scenario = await parseScenario("s.yaml", two, { replications: 3 });
    const result = await simulate(scenario, { threads: 0 });
    folder.write("r/result.json", JSON.stringify(result));
    expect(await readResult(at("r"))).toEqual(result);
    expect(compare(result, result).rows.every(({ word }) => word !== "differs")).toBe(true);
    const more = await simulate(
      await parseScenario("s.yaml", two.replace("count: 10", "count: 12"), { replications: 3 }),
      {
        threads: 0,
      },
    );
    const rows = compare(result, more).rows.filter(({ policy, word }) => policy === "static" && word === "differs");
    expect(rows.map(({ metric }) => metric)).toContain("streamletHours");
  });

  it("plans quickly, and refuses a scenario without a price", async () => {
    const answer = await plan(join(root, "scenarios/plan-evening.yaml"), { quick: true });
    expect(answer.statements.length).toBeGreaterThan(0);
    await expect(plan(at("s.yaml"), { quick: true })).rejects.toThrow(InputError);
  });

  it("forecasts what follows a trace", async () => {
    const { champion, outlook } = await forecast(at("t.csv"), {
      models: ["last-value", "seasonal-naive-day"],
      threads: 0,
    });
    expect(champion).toBe("seasonal-naive-day");
    expect(outlook.quantiles.map((row) => row.length)).toEqual(Array(7).fill(288));
  });

  it("refuses options out of range, and says which", async () => {
    const scenario = await parseScenario("s.yaml", two, { replications: 1 });
    await expect(simulate(scenario, { threads: -1 })).rejects.toThrow("threads: -1; expected a whole number from 0");
    await expect(forecast(at("t.csv"), { levels: [0.5, 0.1] })).rejects.toThrow("levels: [0.5, 0.1]; expected");
    await expect(forecast(at("t.csv"), { horizonMs: Number.NaN })).rejects.toThrow("horizonMs: NaN; expected");
    await expect(plan(at("s.yaml"), { confidence: 2 })).rejects.toThrow("confidence: 2; expected");
    await expect(plan(at("s.yaml"), { budgetPerMonth: 0 })).rejects.toThrow("budgetPerMonth: 0; expected");
  });

  it("refuses an option that it does not know, and proposes the one that is meant", async () => {
    const scenario = await parseScenario("s.yaml", two, { replications: 1 });
    const other = (options: object): object => options;
    await expect(simulate(scenario, other({ thread: 2 }))).rejects.toThrow(
      'options: "thread"; expected one of signal, threads, onProgress. Did you mean threads?',
    );
    await expect(plan(at("s.yaml"), other({ confidance: 0.9 }))).rejects.toThrow("Did you mean confidence?");
    await expect(forecast(at("t.csv"), other({ horizon: 5 }))).rejects.toThrow(/options: "horizon"; expected one of/);
    await expect(parseScenario("s.yaml", two, other({ replication: 2 }))).rejects.toThrow("Did you mean replications?");
    await expect(readScenario(at("s.yaml"), other({ sed: 2 }))).rejects.toThrow("Did you mean seed?");
  });

  it("places the fault of a changed number at the change, not at the line that it replaced", async () => {
    const zero = parseScenario("s.yaml", two, { duration: "0s" });
    await expect(zero).rejects.toThrow(/^s\.yaml with duration 0s: duration: 0; expected/);
  });

  it("has examples that import only what it exports", async () => {
    const library: Readonly<Record<string, unknown>> = await import("../../src/index.js");
    for (const name of ["compare-policies.mjs", "size-a-fleet.ts"]) {
      const text = readFileSync(join(root, "docs/examples/library", name), "utf8");
      const [, names = ""] = /import \{([^}]*)\} from "headrace"/.exec(text) ?? [];
      const values = names
        .split(",")
        .map((one) => one.trim())
        .filter((one) => one !== "" && !one.startsWith("type "));
      expect(values.length).toBeGreaterThan(2);
      for (const value of values) expect(library[value], `${name}: ${value}`).toBeDefined();
    }
  });
});
