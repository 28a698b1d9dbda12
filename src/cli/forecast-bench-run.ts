import { dirname } from "node:path";
import { InputError } from "../base/errors.js";
import { formatCount } from "../base/units.js";
import { checkFolder, writeFileAtomically } from "../experiment/output.js";
import { type BenchSeries, readBench } from "../forecasting/bench.js";
import { checkForecasterName, type ForecasterOptions } from "../forecasting/catalogue.js";
import type { BenchJob } from "../forecasting/forecast-job.js";
import { runForecastJobs } from "../forecasting/thread-pool.js";
import type { ForecastArguments } from "./forecast.js";
import { interruptSignal } from "./outcome.js";
import { ProgressBar } from "./progress-bar.js";

/**
 * Batch size: small enough that all cores finish together, large enough that passing a series to
 * a thread costs little.
 */
const ORIGINS_PER_JOB = 6;

/**
 * Runs the bench's protocol for each model and writes one JSON line per origin; all or nothing.
 */
export async function forecastBench(argv: ForecastArguments, folder: string): Promise<void> {
  if (argv.trace !== undefined)
    throw new InputError({
      code: "HR1006",
      got: "both a trace and --bench",
      expected: "one of them",
      remedy: "Leave one out",
    });
  if (argv.out === undefined)
    throw new InputError({ code: "HR1007", where: "--out", got: "nothing", expected: "the JSONL file to write" });
  const { threads } = argv;
  const models = argv.model ?? ["ensemble"];
  for (const model of models) checkForecasterName(model);
  const series = readBench(folder);
  await checkFolder(dirname(argv.out));
  const options = argv.backend === undefined ? {} : { backend: argv.backend };
  const jobs = models.flatMap((model) => series.flatMap((one) => jobsOf(model, one, options)));
  const interrupt = interruptSignal();
  const bar = new ProgressBar("forecasting", argv.quiet);
  try {
    const pool = { onProgress: bar.show, signal: interrupt.signal, ...(threads === undefined ? {} : { threads }) };
    const results = await runForecastJobs(jobs, pool);
    bar.clear();
    const lines = results.flatMap((result) => result.lines.map((line) => `${JSON.stringify(line)}\n`));
    await writeFileAtomically(argv.out, lines.join(""));
    if (argv.quiet) return;
    for (const model of models) {
      const own = results.filter((_, i) => jobs[i].model === model);
      const count = own.reduce((sum, result) => sum + result.lines.length, 0);
      const wallMs = own.reduce((sum, result) => sum + result.wallMs, 0);
      process.stderr.write(
        `${model}: ${formatCount(count)} origins of ${series.length} series, ${(wallMs / count).toFixed(1)} ms each\n`,
      );
    }
    process.stderr.write(`${argv.out}: score it with the bench's score.mjs\n`);
  } finally {
    interrupt.dispose();
  }
}

function jobsOf(model: string, bench: BenchSeries, options: ForecasterOptions): BenchJob[] {
  const jobs: BenchJob[] = [];
  for (let from = 0; from < bench.origins.length; from += ORIGINS_PER_JOB) {
    const origins = bench.origins.slice(from, from + ORIGINS_PER_JOB);
    jobs.push({ kind: "bench", model, options, bench: { ...bench, origins } });
  }
  return jobs;
}
