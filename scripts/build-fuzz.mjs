// `node scripts/build-fuzz.mjs [--replay]`: builds test/native/fuzz.c with the whole streamlet
// for AFL++ (afl-clang-fast with libclang-rt, or $CC), or with `--replay` for running single
// inputs with any compiler. Both have the address and undefined-behaviour sanitizers. Prints the
// program's path. A run: docs/live.md, "Fuzzing the C streamlet".
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const replay = process.argv.includes("--replay");
const compiler = process.env.CC ?? (replay ? "cc" : "afl-clang-fast");
const target = `${root}dist/live/native/fuzz${replay ? "-replay" : ""}`;
// Left out: zygote and launcher have no untrusted input, and the checker of single files has its own
// main().
const left = ["zygote.c", "launcher.c", "check.c"];
const sources = readdirSync(`${root}native`).filter((name) => name.endsWith(".c") && !left.includes(name));
mkdirSync(`${root}dist/live/native`, { recursive: true });
const flags = [
  "-std=gnu11",
  "-O1",
  "-g",
  "-fsanitize=address,undefined",
  "-fno-sanitize-recover=all",
  "-DFUZZING",
  "-DSANITIZED",
];
if (replay) flags.push("-DREPLAY");
const files = [...sources.map((name) => `${root}native/${name}`), `${root}test/native/fuzz.c`];
const built = spawnSync(compiler, [...flags, `-I${root}native`, "-o", target, ...files, "-lm"], { encoding: "utf8" });
if (built.status !== 0) {
  process.stderr.write(
    `${built.stderr ?? ""}${built.error?.message ?? ""}\nheadrace: the fuzz program could not be built\n`,
  );
  process.exit(2);
}
process.stdout.write(`${target}\n`);
