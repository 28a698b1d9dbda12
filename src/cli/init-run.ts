import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { InputError } from "../base/errors.js";
import { parseQuantity } from "../base/units.js";
import { firstManifest } from "../experiment/first-manifest.js";
import { type FirstTraffic, firstScenarioText } from "../experiment/first-scenario.js";
import { checkFolder, writeFileAtomically } from "../experiment/output.js";
import { parseScenario } from "../experiment/scenario-file.js";
import { shellWord } from "../report/shell-word.js";
import { readTraceCsv } from "../traffic/trace-csv.js";
import { endOf } from "../traffic/transform.js";
import { requestsOf } from "../traffic/whole-bins.js";
import { type InitArguments, initOptionNames, isServerAddress } from "./init.js";
import { askForMissing } from "./init-questions.js";
import { interruptSignal } from "./outcome.js";

/** `headrace init`: writes a scenario that simulates at once, and the trace that it names. */
export async function writeFirstScenario(given: InitArguments): Promise<void> {
  checkSources(given);
  checkNew(given.file);
  const folder = dirname(resolve(given.file));
  await checkFolder(folder);
  const argv = await withAnswers(given);
  checkSources(argv);
  const manifest = argv.hpa === undefined ? undefined : await firstManifest(argv.hpa, folder, argv.metric ?? []);
  const trace = await traceOf(argv);
  const spawnMs = argv.spawn ?? 10_000;
  try {
    const text = firstScenarioText({
      name: basename(argv.file).replace(/\.ya?ml$/i, ""),
      traffic: trace === undefined ? waveOf(argv.rate ?? "5/s") : await traceTraffic(trace.file, folder),
      holding: argv.holding ?? "5min",
      slots: argv.slots ?? 8,
      spawnMs,
      slowSpawnMs: spawnMs * 3,
      ...(manifest === undefined ? {} : { manifest: manifest.first }),
    });
    // It is read as simulate will read it before it is there.
    await parseScenario(argv.file, text);
    await writeFileAtomically(argv.file, text);
  } catch (error) {
    if (trace?.isNew === true) await rm(trace.file, { force: true });
    throw error;
  }
  const written = [...(trace?.isNew === true ? [trace.file] : []), argv.file];
  report(argv, written, [...(trace?.notes ?? []), ...(manifest?.notes ?? [])]);
}

function checkSources({ log, trace, prometheus, rate, query, from, to }: InitArguments): void {
  const named = Object.entries({ log, trace, prometheus, rate }).filter(([, value]) => value !== undefined);
  if (named.length > 1) {
    throw new InputError({
      code: "HR1006",
      got: named.map(([name]) => `--${name}`).join(" and "),
      expected: "one source of traffic",
    });
  }
  const server = log?.find(isServerAddress);
  if (server !== undefined)
    throw new InputError({ code: "HR1006", where: "--log", got: server, expected: "--prometheus for a server" });
  const alone = Object.entries({ query, from, to }).find(([, value]) => value !== undefined);
  if (alone !== undefined && prometheus === undefined)
    throw new InputError({ code: "HR1007", where: `--${alone[0]}`, got: "no --prometheus", expected: "it beside it" });
}

function checkNew(file: string): void {
  if (!existsSync(file)) return;
  throw new InputError({
    code: "HR1107",
    where: file,
    got: "a file that is there already",
    expected: "the name of a new one",
    remedy: "Name another: headrace init other.yaml",
  });
}

/** Asks on a terminal if no option is given, or if an option requests questions. */
async function withAnswers(argv: InitArguments): Promise<InitArguments> {
  const { file: _, json, quiet, ask, ...options } = argv;
  const isSilent = Object.values(options).every((value) => value === undefined);
  const onTerminal = process.stdin.isTTY === true && process.stderr.isTTY === true;
  if (ask === "no" || (ask === undefined && !(isSilent && onTerminal && !json && !quiet))) return argv;
  const interrupt = interruptSignal();
  try {
    return await askForMissing(argv, interrupt.signal);
  } finally {
    interrupt.dispose();
  }
}

interface FirstTrace {
  readonly file: string;
  readonly isNew: boolean;
  /** Notes on its import that were not printed yet. */
  readonly notes: readonly string[];
}

/** The trace of the scenario: the named one, or one that is imported beside the scenario. */
async function traceOf(argv: InitArguments): Promise<FirstTrace | undefined> {
  if (argv.trace !== undefined) return { file: argv.trace, isNew: false, notes: [] };
  const inputs = argv.log ?? (argv.prometheus === undefined ? undefined : [argv.prometheus]);
  if (inputs === undefined) return undefined;
  const file = argv.file.replace(/(\.ya?ml)?$/i, ".csv");
  checkNew(file);
  const { query, from, to, quiet } = argv;
  const { importTrace } = await import("./trace-import-run.js");
  const { importArguments } = await import("./trace-import.js");
  const asked = importArguments({ inputs, out: file, query, from, to, quiet: quiet || argv.json });
  const notes = await importTrace(asked).catch((error: unknown) => {
    throw importedFirst(error, argv.file, inputs, file);
  });
  // What was printed is not printed again.
  return { file, isNew: true, notes: argv.json ? notes : [] };
}

/** The same fault; an option of `trace import` alone as remedy becomes that command. */
function importedFirst(error: unknown, scenario: string, inputs: readonly string[], out: string): unknown {
  if (!(error instanceof InputError)) return error;
  const { code, remedy = "", ...fault } = error.fault;
  const foreign = [...remedy.matchAll(/--([a-z-]+)/g)].filter(([, name]) => !initOptionNames.includes(name));
  if (foreign.length === 0) return error;
  const [trace, first] = [shellWord(out), shellWord(scenario)];
  const imported = `headrace trace import ${inputs.map(shellWord).join(" ")} --out ${trace}`;
  const then =
    `init has no ${foreign[0][0]}, so first: ${imported} (with ` +
    `that option); then: headrace init ${first} --trace ${trace}`;
  return new InputError({ code, ...fault, remedy: `${remedy}; ${then}` }, error.others);
}

function waveOf(rate: string): FirstTraffic {
  const perSecond = parseQuantity("rate", rate);
  return { kind: "wave", rate, perSecond: typeof perSecond === "number" ? perSecond : 1 };
}

async function traceTraffic(file: string, folder: string): Promise<FirstTraffic> {
  const table = await readTraceCsv(file);
  return {
    kind: "trace",
    file: relative(folder, resolve(file)),
    lengthMs: endOf(table) - table.startMs,
    requests: requestsOf(table),
  };
}

function report(argv: InitArguments, written: readonly string[], notes: readonly string[]): void {
  if (argv.json) process.stdout.write(`${JSON.stringify({ written, notes }, null, 2)}\n`);
  if (argv.json || argv.quiet) return;
  const file = shellWord(argv.file);
  const next: readonly (readonly [command: string, what: string])[] = [
    [`headrace simulate ${file}`, "what each policy costs, and how often it violates the SLO"],
    [`headrace simulate ${file} --frontier`, "settings that violate equally often"],
    ["headrace explain KEY", "what a key means"],
  ];
  const width = Math.max(...next.map(([command]) => command.length));
  const lines = [
    `Written: ${written.map((one) => join(one)).join(", ")}`,
    ...notes,
    "",
    ...next.map(([command, what], i) => `${i === 0 ? "Next:" : "     "}  ${command.padEnd(width)}   (${what})`),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}
