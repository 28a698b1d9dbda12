// The bench: every *.bench.mjs beside this file, each in a process of its own. Prints a table for
// people on stdout, or with --json one object { key: value } (null if the bench had nothing to
// compare with). --only NAME[,NAME] picks parts, --list names them. --record keeps the ratios in
// history.jsonl; a ratio that changed by 5 % since the last record is reported in any case.
// --against REF [--pairs N] measures this checkout and the commit REF in turn. --scale measures
// the cost of an event as worlds grow; --share S makes its runs S times as long.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { driftSentences, record } from "./history.mjs";
import { LEAST_PAIRS, MOST_PAIRS } from "./paired.mjs";
import { figuresTable, pairsTable } from "./table.mjs";

/**
 * A part exports `run(): Promise<Row[]>`, a row being {key, what, value, unit, atMost | atLeast,
 * detail} or {key, what, absent: reason}.
 */
const ENDING = ".bench.mjs";
const here = fileURLToPath(new URL(".", import.meta.url));

function names() {
  return readdirSync(here)
    .filter((file) => file.endsWith(ENDING))
    .map((file) => file.slice(0, -ENDING.length))
    .sort();
}

/**
 * Runs one part in a fresh process, so that the compiler and the heap hold nothing of another
 * part.
 */
function rowsOf(name) {
  const child = spawnSync(process.execPath, ["--expose-gc", fileURLToPath(import.meta.url), "--part", name], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 64 * 1024 * 1024,
  });
  if (child.status !== 0) return [{ key: name, what: name, absent: `the part ended with status ${child.status}` }];
  return JSON.parse(child.stdout);
}

const HELP = `npm run bench -- [options]
  --list                     the names of the parts
  --only NAME[,NAME]         these parts
  --against REF [--pairs N]  this checkout and the commit REF in turn
  --scale [--share S]        the cost of an event as worlds grow, in runs S as long
  --record                   keep the ratios in history.jsonl
  --json                     one object on stdout`;

const { values: options } = optionsOf();
if (options.help) {
  process.stdout.write(`${HELP}\n`);
  process.exit(0);
}

function optionsOf() {
  try {
    return parseArgs({
      options: {
        help: { type: "boolean" },
        json: { type: "boolean" },
        list: { type: "boolean" },
        only: { type: "string" },
        part: { type: "string" },
        record: { type: "boolean" },
        against: { type: "string" },
        pairs: { type: "string", default: "7" },
        scale: { type: "boolean" },
        share: { type: "string", default: "1" },
      },
    });
  } catch (error) {
    return refuse(`${error.message}\n${HELP}`);
  }
}

function refuse(message) {
  process.stderr.write(`bench: ${message}\n`);
  process.exit(2);
}

/** The parts that --only names, or `all`. */
function chosenParts(all) {
  const chosen = options.only?.split(",") ?? all;
  const unknown = chosen.filter((name) => !names().includes(name));
  if (unknown.length > 0) refuse(`no part ${unknown.join(", ")}; there are ${names().join(", ")}`);
  return chosen;
}

function measure() {
  const rows = [];
  for (const name of chosenParts(names())) {
    process.stderr.write(`bench: ${name}\n`);
    rows.push(...rowsOf(name));
  }
  const json = Object.fromEntries(rows.map(({ key, value }) => [key, value ?? null]));
  process.stdout.write(options.json ? `${JSON.stringify(json)}\n` : `${figuresTable(rows)}\n`);
  for (const sentence of driftSentences(rows)) process.stderr.write(`bench: ${sentence}\n`);
  if (options.record) record(rows);
}

async function measureAgainst(ref) {
  const pairs = Number(options.pairs);
  if (!Number.isInteger(pairs) || pairs < LEAST_PAIRS || pairs > MOST_PAIRS) {
    refuse(`--pairs ${options.pairs}: expected ${LEAST_PAIRS} to ${MOST_PAIRS}`);
  }
  const [{ commitOf }, { against }] = await Promise.all([import("./checkout.mjs"), import("./against.mjs")]);
  const commit = commitOf(ref);
  if (commit === undefined) refuse(`--against ${ref}: git knows no such commit`);
  // The workloads in CPU time: seven pairs of each take about ten minutes. Other parts by --only.
  const rows = await against(commit, chosenParts(["workload-a", "workload-b", "command"]), pairs);
  process.stdout.write(options.json ? `${JSON.stringify(rows)}\n` : `${pairsTable(rows)}\n`);
}

if (options.part !== undefined) {
  const { run } = await import(new URL(`./${options.part}${ENDING}`, import.meta.url));
  process.stdout.write(JSON.stringify(await run()));
} else if (options.list) {
  process.stdout.write(`${names().join("\n")}\n`);
} else if (options.against !== undefined) {
  await measureAgainst(options.against);
} else if (options.scale) {
  const { scale } = await import("./scale.mjs");
  const share = Number(options.share);
  if (!(share > 0 && share <= 1)) refuse(`--share ${options.share}: expected above 0, at most 1`);
  await scale(options.json === true, share);
} else {
  measure();
}
