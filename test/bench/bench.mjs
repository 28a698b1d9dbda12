// The bench: every *.bench.mjs beside this file, each in a process of its own. A table for people on stdout, or with --json one object
// { key: value } (null where the bench had nothing to compare with). --only NAME[,NAME] picks parts, --list names them.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

/** A part exports `run(): Promise<Row[]>`, a row being {key, what, value, unit, atMost | atLeast, detail} or {key, what, absent: reason}. */
const ENDING = ".bench.mjs";
const here = fileURLToPath(new URL(".", import.meta.url));

function names() {
  return readdirSync(here)
    .filter((file) => file.endsWith(ENDING))
    .map((file) => file.slice(0, -ENDING.length))
    .sort();
}

/** Runs one part in a fresh process, so that no part runs on what another one left in the compiler and the heap. */
function rowsOf(name) {
  const child = spawnSync(process.execPath, ["--expose-gc", fileURLToPath(import.meta.url), "--part", name], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 64 * 1024 * 1024,
  });
  if (child.status !== 0) return [{ key: name, what: name, absent: `the part ended with status ${child.status}` }];
  return JSON.parse(child.stdout);
}

function verdictOf({ value, atMost, atLeast, absent }) {
  if (absent !== undefined) return "absent";
  if (atMost !== undefined) return value <= atMost ? `met (≤ ${atMost})` : `missed (≤ ${atMost})`;
  if (atLeast !== undefined) return value >= atLeast ? `met (≥ ${atLeast})` : `missed (≥ ${atLeast})`;
  return "";
}

/** Three significant digits: machines are not steadier than that. */
function written(value) {
  return value >= 1000 ? Math.round(value).toLocaleString("en-GB") : Number(value.toPrecision(3)).toString();
}

function table(rows) {
  const lines = rows.map((row) => [
    row.what,
    row.absent === undefined ? `${written(row.value)} ${row.unit}` : "–",
    verdictOf(row),
    row.absent ?? row.detail ?? "",
  ]);
  const widths = [0, 1, 2].map((i) => Math.max(...lines.map((line) => line[i].length)));
  return lines
    .map((line) =>
      line
        .map((cell, i) => (i < 3 ? cell.padEnd(widths[i]) : cell))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

const { values: options } = parseArgs({
  options: {
    json: { type: "boolean" },
    list: { type: "boolean" },
    only: { type: "string" },
    part: { type: "string" },
  },
});
if (options.part !== undefined) {
  const { run } = await import(new URL(`./${options.part}${ENDING}`, import.meta.url));
  process.stdout.write(JSON.stringify(await run()));
} else if (options.list) {
  process.stdout.write(`${names().join("\n")}\n`);
} else {
  const chosen = options.only?.split(",") ?? names();
  const unknown = chosen.filter((name) => !names().includes(name));
  if (unknown.length > 0) {
    process.stderr.write(`bench: no part ${unknown.join(", ")}; there are ${names().join(", ")}\n`);
    process.exit(2);
  }
  const rows = [];
  for (const name of chosen) {
    process.stderr.write(`bench: ${name}\n`);
    rows.push(...rowsOf(name));
  }
  const json = Object.fromEntries(rows.map(({ key, value }) => [key, value ?? null]));
  process.stdout.write(options.json ? `${JSON.stringify(json)}\n` : `${table(rows)}\n`);
}
