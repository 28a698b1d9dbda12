// `npm run build:native`: compiles the ultra-light streamlet with the machine's own C compiler
// ($CC, or cc) to dist/live/native/streamlet. `--if-possible` is silent and succeeds if there is
// no compiler, or nothing to do. `--hostile` builds dist/live/native/streamlet-hostile, which
// acts as a compromised streamlet on demand (test/native/hostile.c). `--sanitized` builds
// dist/live/native/streamlet-sanitized: the whole program with the address and
// undefined-behaviour sanitizers.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = `${root}native`;
const sanitized = process.argv.includes("--sanitized");
const hostile = process.argv.includes("--hostile");
const target = `${root}dist/live/native/streamlet${sanitized ? "-sanitized" : hostile ? "-hostile" : ""}`;
const compiler = process.env.CC ?? "cc";
const ifPossible = process.argv.includes("--if-possible");
const files = readdirSync(folder)
  .sort()
  .map((name) => `${folder}/${name}`);
const latest = Math.max(...files.map((file) => statSync(file).mtimeMs));

if (ifPossible && existsSync(target) && statSync(target).mtimeMs >= latest) process.exit(0);
if (spawnSync(compiler, ["--version"]).status !== 0) {
  if (ifPossible) process.exit(0);
  process.stderr.write(
    `headrace: no C compiler ("${compiler}" does not run). Install ` +
      "one (Debian: apt-get install gcc libc6-dev), or set CC\n",
  );
  process.exit(2);
}
mkdirSync(`${root}dist/live/native`, { recursive: true });
const sources = files.filter((file) => file.endsWith(".c"));
if (hostile) sources.push("-DHOSTILE", `${root}test/native/hostile.c`);
const warnings = ["-std=gnu11", "-Wall", "-Wextra", "-Werror"];
// Every finding ends the program, so that the manager reports a crash. -O1 keeps stack traces
// readable.
const sanitizers = [
  "-O1",
  "-g",
  "-fno-omit-frame-pointer",
  "-fsanitize=address,undefined",
  "-fno-sanitize-recover=all",
  "-DSANITIZED",
];
// A position that changes with each start, no writable jump tables, and checks on copied lengths.
const hardening = [
  "-static-pie",
  "-fPIE",
  "-fstack-protector-strong",
  "-U_FORTIFY_SOURCE",
  "-D_FORTIFY_SOURCE=2",
  "-Wl,-z,relro,-z,now,-z,noexecstack",
];
const release = ["-O2", "-s", ...hardening];
const flags = [...warnings, ...(sanitized ? sanitizers : release)];
const built = spawnSync(compiler, [...flags, "-o", `${target}.${process.pid}`, ...sources, "-lm"], {
  encoding: "utf8",
});
if (built.status !== 0) {
  process.stderr.write(`${built.stdout}${built.stderr}headrace: the native streamlet could not be built\n`);
  process.exit(ifPossible ? 0 : 70);
}
renameSync(`${target}.${process.pid}`, target);
