// The bench's ratios, commit by commit: one JSON line each in history.jsonl, with the machine that
// measured them.
import { execFileSync } from "node:child_process";
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";

const file = fileURLToPath(new URL("./history.jsonl", import.meta.url));
/** A ratio that moved by more than this since its last record on such a machine is reported. */
const DRIFT = 0.05;

export function machine() {
  return `${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}, Node ${process.versions.node}`;
}

/**
 * Only ratios are kept: seconds and nanoseconds of another machine, or of another hour, are not
 * comparable.
 */
function ratiosOf(rows) {
  return new Map(rows.filter((row) => row.unit === "×" && row.value !== undefined).map((row) => [row.key, row.value]));
}

function entries() {
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((text) => text !== "")
    .map((text) => JSON.parse(text));
}

/**
 * One sentence for each ratio that differs by more than 5 % from its last record on the same kind
 * of machine.
 */
export function driftSentences(rows, records = entries(), here = machine()) {
  const sentences = [];
  for (const [key, value] of ratiosOf(rows)) {
    const last = records.findLast((record) => record.machine === here && Object.hasOwn(record.ratios, key));
    if (last === undefined) continue;
    const change = value / last.ratios[key] - 1;
    if (Math.abs(change) <= DRIFT) continue;
    const sign = change > 0 ? "+" : "−";
    const percent = `${sign}${(Math.abs(change) * 100).toFixed(1)} %`;
    sentences.push(`${key} drifted by ${percent} since ${last.commit.slice(0, 9)}: ${last.ratios[key]} → ${value}`);
  }
  return sentences;
}

/** Appends the ratios of this commit. A tree with changes is recorded as `COMMIT+changes`. */
export function record(rows) {
  const git = (...words) => execFileSync("git", words, { encoding: "utf8" }).trim();
  const commit =
    git("rev-parse", "HEAD") + (git("status", "--porcelain", "--untracked-files=no") === "" ? "" : "+changes");
  const ratios = Object.fromEntries([...ratiosOf(rows)].map(([key, value]) => [key, Number(value.toPrecision(4))]));
  const date = git("log", "-1", "--format=%cs");
  appendFileSync(file, `${JSON.stringify({ commit, date, machine: machine(), ratios })}\n`);
}
