import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { accept } from "../../../src/experiment/check/accept.js";
import { runCheck } from "../../../src/experiment/check/check.js";
import { readRegression } from "../../../src/experiment/check/regression-file.js";
import { FailureNotes } from "../../../src/experiment/failure-notes.js";
import { verdictSentence } from "../../../src/report/check/check-text.js";
import { Folder, quickScenario } from "../../cli/real-command.js";

const folder = new Folder({
  "quick.yaml": quickScenario({
    "count: 10}": "count: 10}\n  - {kind: ./throws.mjs}",
    "duration: 20min": "duration: 2min\nreplications: 2",
  }),
  "throws.mjs": "export const createPolicy = () => ({ decide: () => { throw new Error('boom'); } });\n",
  "regression.yaml": "scenarios: [{file: quick.yaml}]\nmetrics: {streamletHours: 1%}\nbaseline: b.json\nmostTimes: 1\n",
});
afterAll(() => folder.dispose());

describe("a gated policy that fails", () => {
  it("is never the same as before, though its figures are", async () => {
    const regression = await readRegression(join(folder.path, "regression.yaml"));
    const notes = new FailureNotes();
    const options = { threads: 0, onPolicyFailed: notes.add };
    await accept(regression, "first", options);
    const { document } = await runCheck(regression, options);
    expect(document.rows.map(({ policy, verdict }) => [policy, verdict])).toEqual([
      ["static", "identical"],
      ["throws", "cannot-tell"],
    ]);
    expect(verdictSentence(document)).toBe(
      "Cannot tell: 1 of 2 figures show neither a change nor equality: a policy failed.",
    );
    expect(notes.text).toMatch(/^throws FAILED at each of \d+ decisions.*boom/);
  });
});
