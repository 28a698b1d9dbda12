// A second checkout of this repository at another commit, built, for paired measurements. It is
// removed afterwards.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

function run(command, args, cwd) {
  execFileSync(command, args, { cwd, stdio: ["ignore", "ignore", "inherit"] });
}

/** The commit that `ref` names, or undefined. */
export function commitOf(ref) {
  try {
    const words = ["rev-parse", "--verify", "--quiet", `${ref}^{commit}`];
    return execFileSync("git", words, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return undefined;
  }
}

/**
 * Checks out `commit` in a temporary folder, installs and builds it, calls `use(folder)`, then
 * removes it.
 */
export async function withCheckout(commit, use) {
  const holder = mkdtempSync(join(tmpdir(), "headrace-against-"));
  const folder = join(holder, "checkout");
  try {
    run("git", ["worktree", "add", "--quiet", "--detach", folder, commit], root);
    const lock = "package-lock.json";
    const sameLock = readFileSync(join(folder, lock), "utf8") === readFileSync(join(root, lock), "utf8");
    if (sameLock && existsSync(join(root, "node_modules"))) {
      cpSync(join(root, "node_modules"), join(folder, "node_modules"), { recursive: true, verbatimSymlinks: true });
    } else {
      run("npm", ["ci", "--no-audit", "--no-fund"], folder);
    }
    run("npm", ["run", "build"], folder);
    return await use(folder);
  } finally {
    rmSync(holder, { recursive: true, force: true });
    run("git", ["worktree", "prune"], root);
  }
}
