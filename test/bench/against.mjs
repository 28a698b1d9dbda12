// `npm run bench -- --against REF`: each part runs in this checkout and in one of REF, in turn (A
// B A B …), and each figure is judged pair
// by pair.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { withCheckout } from "./checkout.mjs";
import { judge } from "./paired.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));

function figuresOf(folder, part) {
  const child = spawnSync(process.execPath, ["--expose-gc", join(folder, "test/bench/bench.mjs"), "--part", part], {
    encoding: "utf8",
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 64 * 1024 * 1024,
  });
  if (child.status !== 0) return [];
  return JSON.parse(child.stdout).filter((row) => row.value > 0);
}

function judgeRows(rounds) {
  const rows = new Map();
  for (const { ours, theirs } of rounds) {
    for (const row of ours) {
      const other = theirs.find(({ key }) => key === row.key);
      if (other === undefined) continue;
      const entry = rows.get(row.key) ?? {
        key: row.key,
        what: row.what,
        moreIsBetter: row.atLeast !== undefined,
        pairs: [],
      };
      entry.pairs.push({ ours: row.value, theirs: other.value });
      rows.set(row.key, entry);
    }
  }
  return [...rows.values()].map(({ key, what, moreIsBetter, pairs }) => ({
    key,
    what,
    n: pairs.length,
    ...judge(pairs, moreIsBetter),
  }));
}

/**
 * Rows {key, what, n, ratio, low, high, chance, verdict}; ratio = this checkout over the other
 * commit.
 */
export async function against(commit, parts, pairs) {
  return withCheckout(commit, (folder) => {
    const rows = [];
    for (const part of parts) {
      const rounds = [];
      for (let round = 1; round <= pairs; round++) {
        process.stderr.write(`bench: ${part}, pair ${round} of ${pairs}\n`);
        // The order alternates, so that a machine that slows down does not favour one side.
        const first = round % 2 === 1 ? root : folder;
        const figures = [figuresOf(first, part), figuresOf(first === root ? folder : root, part)];
        rounds.push(
          first === root ? { ours: figures[0], theirs: figures[1] } : { ours: figures[1], theirs: figures[0] },
        );
      }
      rows.push(...judgeRows(rounds));
    }
    return rows;
  });
}
