import { join } from "node:path";
import { expect, it } from "vitest";
import { failuresIn, renderExplanations } from "../../src/cli/explanation-text.js";
import { explain } from "../../src/experiment/explain.js";
import { spanOf } from "../../src/experiment/instant.js";
import { readScenario } from "../../src/experiment/scenario-file.js";
import { Folder, quickScenario } from "../cli/real-command.js";

it("an explanation names the policy that failed before its end", async () => {
  const folder = new Folder({
    "quick.yaml": quickScenario({ "count: 10}": "count: 10}\n  - {kind: ./throws.mjs}" }),
    "throws.mjs": "export const createPolicy = () => ({ decide: () => { throw new Error('boom'); } });\n",
  });
  try {
    const scenario = await readScenario(join(folder.path, "quick.yaml"));
    const span = spanOf("5min", scenario, "--explain");
    const explained = await explain(scenario, span);
    const [sentence, ...others] = failuresIn(explained);
    expect(others).toEqual([]);
    expect(sentence).toMatch(/^throws FAILED at each of \d+ decisions, .*: boom \(.*throws\.mjs:1:\d+\)$/);
    expect(renderExplanations(explained, { epochMs: 0, zone: span.zone })).toContain(`\n\n${sentence}\n`);
    expect(renderExplanations(explained, { epochMs: 0, zone: span.zone })).toMatch(
      /→ no number \[policy-threw: boom: \d+\]/,
    );
  } finally {
    folder.dispose();
  }
});
