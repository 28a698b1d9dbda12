// Builds if a source is newer than the last build; prints nothing unless it fails.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const stamp = join(root, "dist", ".built");

function newest(path) {
  const found = statSync(path);
  if (!found.isDirectory()) return found.mtimeMs;
  return readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), 0);
}

const sources = [
  "src",
  "scripts",
  "package.json",
  "tsconfig.json",
  "tsconfig.core.json",
  "tsconfig.browser.json",
  "tsconfig.base.json",
];
const latest = Math.max(...sources.map((name) => newest(join(root, name))));
if (!existsSync(stamp) || statSync(stamp).mtimeMs < latest) {
  const built = spawnSync("npm", ["run", "--silent", "build"], { cwd: root, encoding: "utf8" });
  if (built.status !== 0) {
    process.stderr.write(`${built.stdout}${built.stderr}\nheadrace: the build failed\n`);
    process.exit(70);
  }
  writeFileSync(stamp, "");
  utimesSync(stamp, new Date(), new Date());
}
