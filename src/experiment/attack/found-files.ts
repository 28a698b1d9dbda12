import { basename, dirname, join, resolve } from "node:path";
import { formatTraceCsv } from "../../traffic/trace-writer.js";
import { stringify } from "../../traffic/yaml.js";
import { writeFileAtomically } from "../output.js";
import { withRelativePaths, writtenWorld } from "./attack-world.js";
import type { Trial } from "./trial-runner.js";

/** The most characters of a comment line. */
const WIDTH = 100;

/**
 * Writes a world as a scenario that replays it, and its trace if it has one. The scenario begins
 * with the sentence as a comment. The baseline comes first, so that `headrace simulate` compares
 * the policy with it.
 */
export async function writeFoundWorld(
  file: string,
  { world, scenario }: Trial,
  { name, seed, replications, sentence }: FoundLabel,
): Promise<void> {
  const folder = dirname(resolve(file));
  const traceName = `${basename(file).replace(/\.ya?ml$/i, "")}.csv`;
  const { document, trace } = writtenWorld(world, `./${traceName}`);
  const policies = Array.isArray(document.policies) ? document.policies.toReversed() : [];
  const { warmup, duration, ...rest } = withRelativePaths(document, folder);
  const times = { duration, ...(warmup === undefined ? {} : { warmup }) };
  const whole = { ...rest, name, seed, replications, ...times, policies };
  const comment = wrapped(
    `${sentence} Replay: headrace simulate ${basename(file)}. Found by headrace attack in ${scenario.name}.`,
  );
  if (trace !== undefined) await writeFileAtomically(join(folder, traceName), formatTraceCsv(trace));
  await writeFileAtomically(file, `${comment}\n${stringify(ordered(whole))}`);
}

export interface FoundLabel {
  readonly name: string;
  readonly seed: number;
  readonly replications: number;
  readonly sentence: string;
}

/** Keys in the order in which scenarios are written. */
const ORDER = ["version", "name", "seed", "duration", "warmup", "replications", "traffic", "streams", "fleet"];

function ordered(document: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const rank = (key: string): number => (ORDER.includes(key) ? ORDER.indexOf(key) : ORDER.length);
  return Object.fromEntries(Object.entries(document).sort(([a], [b]) => rank(a) - rank(b)));
}

function wrapped(text: string): string {
  const lines: string[] = [];
  let line = "#";
  for (const word of text.split(" ")) {
    if (line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = "#";
    }
    line += ` ${word}`;
  }
  return [...lines, line].join("\n");
}
