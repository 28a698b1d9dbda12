import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Folder, root } from "./real-command.js";

const shell = promisify(execFile);
/** A busy machine takes its time. */
const PATIENCE_MS = 300_000;

let folder: Folder;
beforeEach(() => {
  folder = new Folder();
  mkdirSync(join(folder.path, "bin"));
  const shim = `#!/bin/sh\nexec '${process.execPath}' '${join(root, "bin/headrace.js")}' "$@"\n`;
  writeFileSync(join(folder.path, "bin/headrace"), shim, { mode: 0o755 });
});
afterEach(() => folder.dispose());

/** Blocks whose first line is a comment with a file's name and nothing else are that file. */
function filesOf(page: string): Map<string, string> {
  const blocks = page.matchAll(/^```(?:yaml|js)\n(?:#|\/\/) ([\w.-]+)\n([\s\S]*?)^```$/gm);
  return new Map(Array.from(blocks, ([, name, text]) => [name, text]));
}

describe.each(["docs/regression.md", "docs/sweeps.md"])("%s", (name) => {
  const page = readFileSync(join(root, name), "utf8");

  it("has commands that work one after the other, on the files that it shows", { timeout: PATIENCE_MS }, async () => {
    for (const [file, text] of filesOf(page)) folder.write(file, text);
    const commands = Array.from(page.matchAll(/^```sh\n([\s\S]*?)^```$/gm), ([, block]) => block.trim().split("\n"));
    expect(commands.flat().length).toBeGreaterThan(5);
    const env = { ...process.env, GITHUB_ACTIONS: "", PATH: `${join(folder.path, "bin")}:${process.env.PATH}` };
    for (const command of commands.flat())
      await shell("sh", ["-c", command], { cwd: folder.path, env, maxBuffer: 64_000_000 });
  });

  it("links to files that are there", () => {
    const targets = Array.from(page.matchAll(/\]\(([^)#]+)[^)]*\)/g), ([, target]) => target);
    expect(targets.length).toBeGreaterThan(2);
    for (const target of targets.filter((one) => !one.includes("://")))
      expect(existsSync(join(root, "docs", target)), target).toBe(true);
  });
});
