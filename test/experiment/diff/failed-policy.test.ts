import { join } from "node:path";
import { expect, it } from "vitest";
import { diffPolicies } from "../../../src/experiment/diff/diff-policies.js";
import { diffSentence } from "../../../src/report/diff/diff-text.js";
import { Folder, quickScenario } from "../../cli/real-command.js";

it("a difference to a policy that failed has no verdict, and says why", async () => {
  const folder = new Folder({
    "quick.yaml": quickScenario({
      "count: 10}": "count: 10}\n  - {kind: ./throws.mjs}",
      "duration: 20min": "duration: 2min\nreplications: 2",
    }),
    "throws.mjs": "export const createPolicy = () => ({ decide: () => { throw new Error('boom'); } });\n",
  });
  try {
    const file = join(folder.path, "quick.yaml");
    const document = await diffPolicies(file, "static", "throws", { threads: 0 });
    expect(new Set(document.rows.map(({ word }) => word))).toEqual(new Set(["cannot tell"]));
    expect(document.notes[0]).toMatch(/throws failed \(boom\), so there is no verdict$/);
    expect(diffSentence(document)).toBe("No figure can be compared: a policy failed.");
  } finally {
    folder.dispose();
  }
});
