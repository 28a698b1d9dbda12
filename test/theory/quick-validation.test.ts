import { expect, it } from "vitest";
import { Folder, run } from "../cli/real-command.js";

/** The command should take 20 s on two idle cores; a busy machine gets more. */
const PATIENCE_MS = 300_000;

it(
  "headrace validate --quick: every number of the table lies in its interval",
  async () => {
    const folder = new Folder();
    const { code, stdout } = await run(["validate", "--quick", "--json", "--quiet"], folder.path, PATIENCE_MS);
    folder.dispose();
    const { rows } = JSON.parse(stdout);
    const missed = rows.filter((row: { pass: boolean }) => !row.pass);
    expect(missed).toEqual([]);
    expect(rows.length).toBeGreaterThanOrEqual(27);
    expect(code).toBe(0);
  },
  PATIENCE_MS,
);
