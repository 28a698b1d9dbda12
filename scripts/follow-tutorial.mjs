// `npm run tutorial`: follows docs/tutorial.md literally, command by command, in an empty folder
// with the packed package. Files that the page shows are saved before the block of commands that
// follows them. Needs the package registry.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pack, root } from "./packed.mjs";

const page = readFileSync(join(root, "docs/tutorial.md"), "utf8");
const tarball = pack();
const folder = mkdtempSync(join(tmpdir(), "headrace-tutorial-"));
const lines = ["set -eu -o pipefail", `cd '${folder}'`];
for (const [, language, text] of page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)) {
  const name = /^(?:#|\/\/) ([\w.-]+)\n/.exec(text)?.[1];
  if (language !== "sh" && name !== undefined) writeFileSync(join(folder, name), text);
  if (language !== "sh") continue;
  for (const command of text.trim().split("\n")) {
    const literal = command.replace(/^npm install headrace$/, `npm install --no-audit --no-fund '${tarball}'`);
    lines.push(`echo '+ ${command.replaceAll("'", "'\\''")}'; SECONDS=0`, literal, 'echo "  ($SECONDS s)"');
  }
}
const bash = spawn("bash", ["-c", lines.join("\n")], { stdio: ["ignore", "pipe", "pipe"] });
let wrote = "";
const take = (chunk) => {
  wrote += chunk;
};
bash.stdout.setEncoding("utf8").on("data", (chunk) => {
  take(chunk);
  for (const line of chunk.split("\n")) if (/^(\+ | {2}\(\d+ s\))/.test(line)) process.stdout.write(`${line}\n`);
});
bash.stderr.setEncoding("utf8").on("data", take);
bash.on("close", (code) => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(dirname(tarball), { recursive: true, force: true });
  if (code !== 0) process.stderr.write(`${wrote.slice(-4000)}\nthe tutorial stops here: exit code ${code}\n`);
  process.exitCode = code === 0 ? 0 : 1;
});
