// Makes the faults of named-mutants.yaml one at a time in a copy of this checkout: does a test
// notice each of them? The exit code is 1 if one survives.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { parse } from "yaml";

/** A mutant that never ends is noticed: no listed test file takes longer than a minute. */
const LONGEST_MS = 180_000;
/** What the listed tests read. */
const COPIED = ["src", "test", "scenarios", "traces", "package.json", "vitest.mutation.config.ts"];

const HELP = `npm run mutation:named -- [options]
  --only WORD  the points that contain WORD
  --list       the points, without a run`;

const flags = optionsOf();
if (flags.help) {
  console.log(HELP);
  process.exit(0);
}
const root = fileURLToPath(new URL("../../", import.meta.url));
const groups = parse(readFileSync(new URL("named-mutants.yaml", import.meta.url), "utf8")).filter(({ point }) =>
  point.includes(flags.only),
);
if (groups.length === 0) {
  console.error(`--only ${flags.only}: no point contains it; --list names them`);
  process.exit(2);
}
if (flags.list) {
  for (const point of new Set(groups.map((group) => group.point))) console.log(point);
  process.exit(0);
}
const copy = mkdtempSync(join(tmpdir(), "headrace-mutants-"));
process.on("exit", () => rmSync(copy, { recursive: true, force: true }));
process.on("SIGINT", () => process.exit(130));
for (const name of COPIED) cpSync(join(root, name), join(copy, name), { recursive: true });
for (const name of readTsconfigs()) cpSync(join(root, name), join(copy, name));
symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));

const unchanged = run([...new Set(groups.flatMap(({ tests }) => tests))]);
if (unchanged.verdict !== "survived") {
  console.error(`The tests fail on the unchanged sources (${unchanged.verdict}): ${unchanged.by}`);
  process.exit(2);
}
const counts = { noticed: 0, survived: 0, broken: 0 };
for (const { point, file, tests, mutants } of groups) {
  console.log(`${point} (${file})`);
  const path = join(copy, file);
  const source = readFileSync(path, "utf8");
  for (const { what, text, instead } of mutants) {
    writeFileSync(
      path,
      source.replace(text, () => instead),
    );
    const { verdict, by } = run(tests);
    counts[verdict]++;
    console.log(`  ${verdict.padEnd(8)}  ${what}${by === "" ? "" : `\n            by: ${by}`}`);
  }
  writeFileSync(path, source);
}
console.log(`${counts.noticed} noticed, ${counts.survived} survived, ${counts.broken} broken`);
process.exitCode = counts.survived + counts.broken > 0 ? 1 : 0;

function optionsOf() {
  try {
    const options = {
      only: { type: "string", default: "" },
      list: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    };
    return parseArgs({ options }).values;
  } catch (error) {
    console.error(`${error.message}\n${HELP}`);
    process.exit(2);
  }
}

function readTsconfigs() {
  return ["tsconfig.base.json", "tsconfig.browser.json", "tsconfig.core.json", "tsconfig.json", "tsconfig.test.json"];
}

/**
 * Runs test files in the copy. "broken": no test failed, but a file did, for example since the
 * mutant does not parse.
 */
function run(tests) {
  const answer = join(copy, "answer.json");
  rmSync(answer, { force: true });
  const vitest = [join(root, "node_modules/vitest/vitest.mjs"), "run", "-c", "vitest.mutation.config.ts"];
  const { error } = spawnSync(
    process.execPath,
    [...vitest, "--bail", "1", "--reporter", "json", "--outputFile", answer],
    {
      cwd: copy,
      env: { ...process.env, HEADRACE_MUTATION_TESTS: tests.join(" ") },
      timeout: LONGEST_MS,
      killSignal: "SIGKILL",
      stdio: "ignore",
    },
  );
  if (error !== undefined) return { verdict: "noticed", by: `it did not end (${error.code})` };
  const { success, testResults } = JSON.parse(readFileSync(answer, "utf8"));
  if (success) return { verdict: "survived", by: "" };
  const failed = testResults.flatMap((file) => file.assertionResults).find(({ status }) => status === "failed");
  if (failed !== undefined) return { verdict: "noticed", by: failed.fullName };
  const message = testResults.find(({ status }) => status === "failed")?.message ?? "no test file was found";
  return { verdict: "broken", by: message.split("\n")[0] };
}
