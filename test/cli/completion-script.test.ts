import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { completionScript, shellOf } from "../../src/cli/completion-script.js";
import { hasPty, Pty } from "../tui/pty.js";
import { Folder, root } from "./real-command.js";

const hasZsh = spawnSync("zsh", ["-fc", "true"]).status === 0;
const TIMEOUT_MS = 60_000;
const folder = new Folder();
afterAll(() => folder.dispose());

/** A folder with a `headrace` that the shell finds, and the scripts as a user would append them. */
folder.write("headrace", `#!/bin/sh\nexec '${process.execPath}' '${join(root, "bin/headrace.js")}' "$@"\n`);
chmodSync(join(folder.path, "headrace"), 0o755);
for (const shell of ["bash", "zsh"] as const)
  writeFileSync(join(folder.path, `complete.${shell}`), completionScript(shell));
const environment = { PATH: `${folder.path}:${process.env.PATH}`, HOME: folder.path, ZDOTDIR: folder.path };

/** What bash would propose for the last of these words. */
function proposedByBash(...words: readonly string[]): string[] {
  const line =
    `source complete.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# ` +
    `- 1)); _headrace; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const options = { cwd: folder.path, env: { ...process.env, ...environment }, encoding: "utf8" } as const;
  return execFileSync("bash", ["-c", line, "bash", "headrace", ...words], options)
    .trim()
    .split("\n");
}

describe("the completion script", { timeout: TIMEOUT_MS }, () => {
  it("is that of the shell which $SHELL names, of bash where it names another", () => {
    expect([shellOf("/usr/bin/zsh"), shellOf("/bin/bash"), shellOf("/bin/fish"), shellOf(undefined)]).toEqual([
      "zsh",
      "bash",
      "bash",
      "bash",
    ]);
  });

  it("completes actions, options and values in bash", () => {
    expect(proposedByBash("trace", "im")).toEqual(["import"]);
    expect(proposedByBash("simulate", "--repl")).toEqual(["--replications"]);
    expect(proposedByBash("simulate", "--policy", "predi")).toEqual(["predictive"]);
  });

  it("completes them in a real zsh that has not loaded its completion system", async (context) => {
    if (!hasZsh || !hasPty) return context.skip("zsh or python3 is not installed");
    const zsh = new Pty(100, 20, ["zsh", "-f", "-i"], environment);
    zsh.keys(`cd '${folder.path}'; PS1='> '; clear; source ./complete.zsh && echo loa""ded\r`);
    await zsh.until("loaded", (screen) => screen.includes("loaded"));
    zsh.keys("headrace trace im\t");
    await zsh.until("headrace trace import", (screen) => screen.includes("headrace trace import"));
    zsh.keys("\x15headrace simulate --policy predi\t");
    await zsh.until("--policy predictive", (screen) => screen.includes("--policy predictive"));
    zsh.keys("\x15headrace forecast --ho\t\t");
    await zsh.until("--horizon", (screen) => screen.includes("--horizon"));
    const shown = zsh.text();
    expect(shown).toContain("-- Public holidays that the additive model learns");
    expect(shown).not.toContain("not found");
    zsh.keys("\x15exit\r");
    expect(await zsh.exited).toBe(0);
  });
});
