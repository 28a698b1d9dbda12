import { join } from "node:path";
import { InputError } from "../base/errors.js";
import { closest } from "../base/spelling.js";
import { formatCount } from "../base/units.js";
import { checkFolder, writeFileAtomically } from "../experiment/output.js";
import type { ValidationRow } from "../experiment/validate/row.js";
import { scenarioText } from "../experiment/validate/scenario-text.js";
import { lengthOf, validate } from "../experiment/validate/validate.js";
import { packageVersion } from "../experiment/version.js";
import { ExitCode, interruptSignal } from "./outcome.js";
import { ProgressBar } from "./progress-bar.js";
import type { ValidateArguments } from "./validate.js";
import { renderValidation } from "./validation-table.js";

/** `headrace validate` on this table; exit code 1 where a row misses. */
export async function runValidation(argv: ValidateArguments, table: readonly ValidationRow[]): Promise<void> {
  const rows = chosenRows(table, argv.only);
  if (argv.write !== undefined) {
    await writeScenarios(rows, argv.write, argv);
    return;
  }
  const checksInTable = table.reduce((sum, row) => sum + row.checks.length, 0);
  if (!argv.quiet) announce(rows, argv);
  const interrupt = interruptSignal();
  const bar = new ProgressBar("validating", argv.quiet);
  const began = performance.now();
  try {
    const outcome = await validate(rows, checksInTable, {
      seed: argv.seed,
      quick: argv.quick,
      onProgress: bar.show,
      signal: interrupt.signal,
      ...(argv.threads === undefined ? {} : { threads: argv.threads }),
    });
    bar.clear();
    if (argv.json) process.stdout.write(`${JSON.stringify({ version: packageVersion(), ...outcome }, null, 2)}\n`);
    else if (!argv.quiet) process.stdout.write(renderValidation(outcome));
    if (!argv.quiet) {
      const events = outcome.rows.reduce((sum, row) => sum + row.events, 0);
      const seconds = ((performance.now() - began) / 1000).toFixed(0);
      process.stderr.write(`${formatCount(events)} events in ${seconds} s; seed ${argv.seed}\n`);
    }
    if (!outcome.pass) process.exitCode = ExitCode.no;
  } finally {
    interrupt.dispose();
  }
}

function announce(rows: readonly ValidationRow[], { quick, seed }: ValidateArguments): void {
  const numbers = rows.reduce((sum, row) => sum + row.checks.length, 0);
  const mode = quick ? "quick" : "in full: minutes";
  process.stderr.write(`${numbers} numbers of ${rows.length} rows, ${mode}; seed ${seed}\n`);
}

/** The rows whose id is, or begins with, one of `only`; all of them when it is left out. */
function chosenRows(table: readonly ValidationRow[], only: readonly string[] | undefined): readonly ValidationRow[] {
  if (only === undefined) return table;
  const ids = table.map((row) => row.id);
  for (const wanted of only) {
    if (ids.some((id) => id.startsWith(wanted))) continue;
    const meant = closest(wanted, ids);
    throw new InputError({
      code: "HR1003",
      where: "--only",
      got: `"${wanted}"`,
      expected: `a row, or how it begins: ${ids.join(", ")}`,
      ...(meant === undefined ? {} : { remedy: `Did you mean "${meant}"?` }),
    });
  }
  return table.filter((row) => only.includes(row.id) || only.some((wanted) => startsOnly(row.id, wanted, ids)));
}

/** A full id selects its row only, even if other ids begin with it. */
function startsOnly(id: string, wanted: string, ids: readonly string[]): boolean {
  return !ids.includes(wanted) && id.startsWith(wanted);
}

async function writeScenarios(rows: readonly ValidationRow[], folder: string, argv: ValidateArguments): Promise<void> {
  await checkFolder(folder);
  for (const row of rows) {
    const text = scenarioText(row, lengthOf(row, argv.quick), argv.seed);
    await writeFileAtomically(join(folder, `${row.id}.yaml`), text);
  }
  if (!argv.quiet) process.stderr.write(`${rows.length} scenarios in ${folder}; seed ${argv.seed}\n`);
}
