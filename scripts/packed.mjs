// The package as a user gets it: packs it, and installs the tarball into an empty folder.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** Runs a program and returns its stdout; ends the script if it fails. */
export function run(program, args, options = {}) {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8", maxBuffer: 64_000_000, ...options });
  if (status === 0) return stdout;
  process.stderr.write(`${program} ${args.join(" ")}\n${stdout}${stderr}\nexit code ${status}\n`);
  process.exit(1);
}

/** The path of the tarball, in a folder of its own. */
export function pack() {
  const folder = mkdtempSync(join(tmpdir(), "headrace-pack-"));
  run("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: root });
  return join(folder, readdirSync(folder)[0]);
}

/** An empty folder with a package.json. */
export function emptyProject(content = {}) {
  const folder = mkdtempSync(join(tmpdir(), "headrace-project-"));
  writeFileSync(join(folder, "package.json"), `${JSON.stringify({ private: true, type: "module", ...content })}\n`);
  return folder;
}

export function install(folder, ...packages) {
  run("npm", ["install", "--no-audit", "--no-fund", ...packages], { cwd: folder });
}
