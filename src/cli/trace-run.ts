import { parseInstant } from "../base/calendar.js";
import { InputError } from "../base/errors.js";
import { formatCount } from "../base/units.js";
import { writeFileAtomically } from "../experiment/output.js";
import { generateTrace } from "../traffic/generate.js";
import { formatTraceCsv } from "../traffic/trace-writer.js";
import { readWorkloadModel } from "../traffic/workload-file.js";
import type { GenerateArguments } from "./trace.js";

/** Ten years of minutes are 5 million rows. */
const MAX_ROWS = 5_000_000;

export async function generateTraceFile(argv: GenerateArguments): Promise<void> {
  const model = await readWorkloadModel(argv.model);
  const startMs = parseInstant(argv.start);
  if (Number.isNaN(startMs))
    throw new InputError({
      where: "--start",
      got: argv.start,
      expected: "ISO-8601 in UTC such as 2026-01-05T00:00:00Z",
    });
  const rows = (argv.days * 86_400 * model.series.length) / model.binSeconds;
  if (!(argv.days > 0) || !(rows >= 2 && rows <= MAX_ROWS)) {
    throw new InputError({
      where: "--days",
      got: String(argv.days),
      expected: `a length that makes 2 to ${formatCount(MAX_ROWS)} rows`,
    });
  }
  const table = generateTrace(model, {
    startMs,
    days: argv.days,
    ...(argv.seed === undefined ? {} : { seed: argv.seed }),
  });
  await writeFileAtomically(argv.out, formatTraceCsv(table));
  const seed = argv.seed ?? model.seed;
  if (argv.json) process.stdout.write(`${JSON.stringify({ file: argv.out, rows, seed })}\n`);
  else if (!argv.quiet) process.stderr.write(`${argv.out}: ${formatCount(rows)} rows, seed ${seed}\n`);
}
