import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type Accepted, accept } from "../../../src/experiment/check/accept.js";
import { runCheck } from "../../../src/experiment/check/check.js";
import { parseRegression, readRegression } from "../../../src/experiment/check/regression-file.js";
import { FailureNotes } from "../../../src/experiment/failure-notes.js";
import { acceptedDocument, acceptedText } from "../../../src/report/check/accepted-text.js";
import { verdictSentence } from "../../../src/report/check/check-text.js";
import { Folder, quickScenario } from "../../cli/real-command.js";

const folder = new Folder({
  "quick.yaml": quickScenario({
    "count: 10}": "count: 10}\n  - {kind: ./throws.mjs}",
    "duration: 20min": "duration: 2min\nreplications: 2\ncost: {currency: EUR, streamletHour: 1}",
  }),
  "throws.mjs": "export const createPolicy = () => ({ decide: () => { throw new Error('boom'); } });\n",
  "regression.yaml": "scenarios: [{file: quick.yaml}]\nmetrics: {streamletHours: 1%}\nbaseline: b.json\nmostTimes: 2\n",
});
afterAll(() => folder.dispose());

const NAMED = "first; throws is mended in #7";

describe("a gated policy that fails", () => {
  it("is never the same as before, though its figures are, and has no more replications", async () => {
    const regression = await readRegression(join(folder.path, "regression.yaml"));
    const accepting = new FailureNotes();
    const { currencies } = await accept(regression, NAMED, { threads: 0, onPolicyFailed: accepting.add });
    expect(accepting.text).toMatch(/^throws FAILED at each of \d+ decisions.*boom/);
    expect([...currencies.values()]).toEqual(["EUR"]);
    let failedRuns = 0;
    const onPolicyFailed = (): void => {
      failedRuns++;
    };
    const { document } = await runCheck(regression, { threads: 0, onPolicyFailed });
    expect(document.rows.map(({ policy, verdict }) => [policy, verdict])).toEqual([
      ["static", "identical"],
      ["throws", "cannot-tell"],
    ]);
    expect(verdictSentence(document)).toBe(
      "Cannot tell: 1 of 2 figures show neither a change nor equality: a policy failed.",
    );
    expect(failedRuns).toBe(2);
  });

  it("has no figures that a gate accepts, unless the reason names the policy", async () => {
    const text = "scenarios: [{file: quick.yaml}]\nmetrics: {streamletHours: 1%}\nbaseline: c.json\n";
    const regression = parseRegression(join(folder.path, "other.yaml"), text);
    for (const reason of ["first", "it throwsaway, or re-throws"])
      await expect(accept(regression, reason, { threads: 0 })).rejects.toThrow(
        /throws\.mjs:1:\d+: figures of throws, which failed \(boom\).*a --reason that names throws \[HR1716\]/,
      );
    expect(folder.list()).not.toContain("c.json");
  });
});

describe("what a gate accepted", () => {
  it("is shown in the scenario's currency", () => {
    const metrics = new Map([["cost", { mean: 12, halfWidth: null, values: [12] }]]);
    const policy = { name: "static", stages: [{ replications: 1, metrics }] };
    const now = [{ file: "quick.yaml", policies: [policy] }] as unknown as Accepted["now"];
    const accepted = { before: undefined, now, currencies: new Map([["quick.yaml", "EUR"]]) };
    expect(acceptedText(accepted)).toMatch(/^ {2}quick\.yaml, static: .* 12 EUR$/m);
    expect(acceptedDocument(accepted).accepted[0].currency).toBe("EUR");
    expect(acceptedText({ ...accepted, currencies: new Map() })).toContain("12 currency units");
  });
});
