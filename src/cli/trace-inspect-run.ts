import { basename, join } from "node:path";
import { mean, variance } from "../base/statistics.js";
import { checkFolder, writeFileAtomically } from "../experiment/output.js";
import { readValues } from "../experiment/scenario-resources.js";
import { fitWorkload } from "../traffic/fit.js";
import { type Inspection, inspectTrace } from "../traffic/inspect.js";
import { readTraceCsv } from "../traffic/trace-csv.js";
import type { FitArguments, InspectArguments } from "./trace.js";

/** `headrace trace inspect`: a table and a page, or JSON. */
export async function inspectTraceFile(argv: InspectArguments): Promise<void> {
  const stem = basename(argv.trace).replace(/\.csv$/i, "");
  const folder = argv.out ?? join("reports", `${stem}-traffic`);
  if (!argv.json) await checkFolder(folder);
  const found = inspectTrace(await readTraceCsv(argv.trace, "kept"));
  if (argv.json) {
    process.stdout.write(`${JSON.stringify(findings(argv.trace, found), null, 2)}\n`);
    return;
  }
  const { inspectionFacts, trafficReportFiles } = await import("../report/traffic-page.js");
  const { writeReportFolder } = await import("../report/report-folder.js");
  writeReportFolder(folder, await trafficReportFiles(found, argv.trace));
  if (argv.quiet) return;
  const rows = inspectionFacts(found).map(([name, value]) => `${name.padEnd(28)}${value}`);
  process.stdout.write(`${[argv.trace, "", ...rows, "", ...found.meaning.map((line) => `- ${line}`)].join("\n")}\n`);
  process.stdout.write(`\nPage: ${join(folder, "index.html")}\n`);
}

/** The findings without the series themselves; what is unknown is null. */
function findings(trace: string, found: Inspection): Record<string, unknown> {
  const { total, parts, ...rest } = found;
  const { trendPerWeek, firstDay, dayLevels } = parts;
  const bins = { startMs: total.startMs, binMs: total.binMs, count: total.values.length };
  return {
    trace,
    bins,
    ...rest,
    trendPerWeek,
    firstDay,
    dayLevels: Array.from(dayLevels),
    profile: Array.from(parts.profile),
  };
}

/** `headrace trace fit`: writes the model. */
export async function fitTraceFile(argv: FitArguments): Promise<void> {
  const table = await readTraceCsv(argv.trace, "kept");
  const holding = argv.holding === undefined ? undefined : await readValues(argv.holding, "duration");
  const model = fitWorkload(table, {
    seed: argv.seed,
    ...(holding === undefined
      ? {}
      : {
          holding: {
            meanSeconds: mean(holding) / 1000,
            cv: holding.length < 2 ? 0 : Math.sqrt(variance(holding)) / mean(holding),
          },
        }),
  });
  await writeFileAtomically(argv.out, `${JSON.stringify(model, null, 1)}\n`);
  process.stderr.write(
    `${argv.out}: ${model.series.length} series, noise ${model.noise.sigma}, ` +
      `${model.flashCrowds.perWeek} flash crowds a week\n`,
  );
}
