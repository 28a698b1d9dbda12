import { dirname, join, normalize } from "node:path";
import { codeOnly } from "./source-text.js";

/** A breach of the house style, with what to write instead. */
export interface Breach {
  readonly file: string;
  readonly line: number;
  readonly remedy: string;
}

/** A source file by its path from the root of the project, such as "src/base/units.ts". */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

const CORE = ["base", "ports", "kernel", "control", "model", "world"];

/**
 * Imports go from a higher to a lower floor. Folders of equal height never import each other;
 * those of floor 4 have steps within the floor.
 */
const floors: Readonly<Record<string, number>> = {
  base: 0,
  ports: 1,
  kernel: 2,
  control: 2,
  model: 2,
  world: 3,
  traffic: 4,
  forecasting: 4.1,
  experiment: 4.2,
  live: 4.3,
  report: 4.4,
  library: 4.5,
  tui: 4.5,
  cli: 5,
  "index.ts": 6,
};

/**
 * The folders inside src/live, each on a step of its own: imports go strictly down. Folders of
 * equal height do not import each other. `log` holds the records and files of a run. `replay` is
 * below `run`, and `log` below both.
 */
const liveSteps: Readonly<Record<string, number>> = {
  machine: 0,
  formats: 0,
  limits: 1,
  wire: 2,
  load: 2,
  streamlet: 3,
  manager: 3,
  log: 3,
  run: 4,
  gateway: 5,
  watch: 5,
  replay: 5,
  calibrate: 5,
  session: 6,
  twin: 7,
};

/**
 * What the core may import from packages: zod describes the scenario, seedrandom seeds the streams.
 */
const corePackages: Readonly<Record<string, readonly string[]>> = { base: ["seedrandom", "zod"] };

/** Packages that the build bundles into one file of ours, which all others import instead. */
const bundledPackages: Readonly<Record<string, string>> = { zod: "src/base/zod.ts", yaml: "src/traffic/yaml.ts" };

/** Longest file, in lines. Never raised: a file that outgrows it holds two nouns. */
const MAX_LINES = { source: 250, test: 300 };

/** Files whose default export a library insists on: Piscina's workers and Vitest's reporter. */
const defaultExports = /-worker\.ts$|^test\/count-reporter\.ts$/;

interface PatternRule {
  readonly pattern: RegExp;
  readonly remedy: string;
}

const coreRules: readonly PatternRule[] = [
  { pattern: /\basync\b|\bawait\b|\bPromise\b/, remedy: "the core never waits: let the result arrive as an event" },
  { pattern: /\b(setTimeout|setInterval|setImmediate|queueMicrotask)\b/, remedy: "take time from the Scheduler" },
  { pattern: /\bDate\b|\bperformance\b/, remedy: "take time from the Scheduler; base/calendar.ts does dates" },
  { pattern: /\bMath\.random\b|\bcrypto\b/, remedy: "draw from a named RandomStream" },
  { pattern: /\bMath\.pow\b|\*\*/, remedy: "multiply, or exp(y·log x): powers differ between engines" },
  { pattern: /(?<![.\w])(process|globalThis|require|Buffer)\s*[.([]/, remedy: "the core knows no Node" },
  { pattern: /\bconsole\b/, remedy: "report through Telemetry" },
  { pattern: /\bisSimulated\b/, remedy: "control is the same in both worlds: put the difference behind a port" },
];

const everywhere: readonly PatternRule[] = [
  { pattern: /[:<,|&(]\s*any\b(?!\s*:)|\bas any\b/, remedy: "name the type, or take unknown and look" },
  { pattern: /^\s*(export\s+)?(const\s+)?enum\s/, remedy: "a const object and a union of its values" },
  { pattern: /^\s*export \* from/, remedy: "import from the file that has it: no barrels" },
];

const testRules: readonly PatternRule[] = [
  { pattern: /\b(it|test|describe)\.only\b/, remedy: "run one file instead, so that the rest is not forgotten" },
  { pattern: /\b(it|test|describe)\.(skip|todo)\b(?!If)/, remedy: "mend it, or skipIf with a printed reason" },
];

/** All breaches of one file. */
export function breachesOf(file: SourceFile): Breach[] {
  const breach = (line: number, remedy: string): Breach => ({ file: file.path, line, remedy });
  const lines = codeOnly(file.text).split("\n");
  const found: Breach[] = [];
  const inTest = file.path.startsWith("test/");
  const rules = [...everywhere, ...(isCore(file.path) ? coreRules : []), ...(inTest ? testRules : [])];
  lines.forEach((line, i) => {
    for (const { pattern, remedy } of rules) if (pattern.test(line)) found.push(breach(i + 1, remedy));
    if (/^\s*export default\b|\bas default\b/.test(line) && !defaultExports.test(file.path))
      found.push(breach(i + 1, "export by name"));
  });
  file.text.split("\n").forEach((line, i) => {
    if (/(^|[\s"'`(=])\/(work|home|Users|root)\//.test(line)) found.push(breach(i + 1, "no path of one machine"));
    if (/\b(TO)DO\b|\b(FIX)ME\b/.test(line)) found.push(breach(i + 1, "do it, or file an issue"));
  });
  const length = file.text.trimEnd().split("\n").length;
  const most = inTest ? MAX_LINES.test : MAX_LINES.source;
  if (length > most) found.push(breach(length, `at most ${most} lines: one file, one noun`));
  if (/(^|[-/.])(utils?|helpers?|common|misc)\.ts$/.test(file.path) && !allowedNames.includes(file.path))
    found.push(breach(1, "name the file after its noun"));
  if (inTest && /\bskipIf\(/.test(codeOnly(file.text)) && !/console\.(log|warn|error)|stderr/.test(file.text))
    found.push(breach(1, "print why a test is skipped"));
  if (!inTest) found.push(...importBreaches(file));
  return found;
}

/** "The knobs that every policy has in common" is a noun here. */
const allowedNames = ["src/world/scenario/schema/policies/common.ts"];

function isCore(path: string): boolean {
  return CORE.some((room) => path.startsWith(`src/${room}/`));
}

const importPattern =
  /(?:^|\n)\s*(?:import\s+|(?:import|export)\b[^;"'=()]*?\bfrom\s+)["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']/g;

function importBreaches(file: SourceFile): Breach[] {
  const found: Breach[] = [];
  const room = roomOf(file.path);
  for (const match of file.text.matchAll(importPattern)) {
    const target = match[1] ?? match[2];
    const line = file.text.slice(0, match.index + match[0].length).split("\n").length;
    const add = (remedy: string): number => found.push({ file: file.path, line, remedy });
    if (!target.startsWith(".")) {
      const bundled = bundledPackages[target];
      if (bundled !== undefined && file.path !== bundled) add(`import it from ${bundled}, which the build bundles`);
      if (isCore(file.path) && !(corePackages[room] ?? []).includes(target))
        add(`the core imports no ${target}: put it behind a port`);
      continue;
    }
    const path = normalize(join(dirname(file.path), target)).replaceAll("\\", "/");
    if (!path.startsWith("src/")) {
      if (isCore(file.path)) add("the core imports nothing from outside src");
      continue;
    }
    const other = roomOf(path);
    if (room === "live" && other === "live") {
      const [from, to] = [file.path.split("/")[2], path.split("/")[2]];
      if (from !== to && !(liveSteps[to] < liveSteps[from]))
        add(`src/live/${from} may not import src/live/${to}: see liveSteps in test/tidy/rules.ts`);
    }
    if (other === room) continue;
    if (floors[room] === undefined) add(`say in test/tidy/rules.ts on which floor src/${room} stands`);
    else if (!(floors[other] < floors[room])) add(`src/${room} may not import src/${other}: imports go strictly down`);
  }
  return found;
}

/** The folder under src, or the file itself where it lies directly in src. */
function roomOf(path: string): string {
  return path.split("/")[1].replace(/\.js$/, ".ts");
}
