import type { Scenario } from "../../world/scenario/scenario.js";
import { type JobPoolOptions, type JobSpec, runJobs } from "../job-pool.js";
import { parseScenario } from "../scenario-file.js";
import { flowControls } from "./flow-controls.js";
import type { ReferenceEstimate, RunLength, ValidationRow } from "./row.js";
import { scenarioText } from "./scenario-text.js";
import { type CheckOutcome, judge } from "./verdict.js";

/** For the whole table: each check gets an equal share of the remaining 1 % (Bonferroni 1936). */
const FAMILY_CONFIDENCE = 0.99;
/**
 * A quick run has this share of the simulated time and fewer replications. Widths grow 8-fold
 * (√40, and Student's 19 degrees of freedom), the allowed widths 12-fold.
 */
const QUICK = { replications: 20, effort: 1 / 40, widening: 12 } as const;

export interface ValidateOptions extends JobPoolOptions {
  readonly seed: number;
  readonly quick: boolean;
}

export interface RowOutcome {
  readonly id: string;
  readonly model: string;
  readonly source: string;
  readonly replications: number;
  readonly arrivals: number;
  readonly events: number;
  readonly checks: readonly CheckOutcome[];
  readonly pass: boolean;
}

export interface ValidationOutcome {
  readonly seed: number;
  readonly mode: "full" | "quick";
  /** For all checks of the table together, and for each of them. */
  readonly confidence: number;
  readonly confidencePerCheck: number;
  readonly pass: boolean;
  readonly rows: readonly RowOutcome[];
}

/** The kept parts of one replication. */
interface Sample {
  readonly metrics: Readonly<Record<string, number>>;
  readonly values: readonly number[];
}

/** The run length of a row in this mode. */
export function lengthOf(row: ValidationRow, quick: boolean): RunLength {
  if (!quick) return row.length;
  const { replications, windowS, warmupS, quickWindowS } = row.length;
  const total = replications * windowS * QUICK.effort;
  return {
    replications: QUICK.replications,
    windowS: quickWindowS ?? Math.ceil(total / QUICK.replications),
    warmupS,
  };
}

/**
 * Runs the rows with the ordinary simulator on ordinary scenarios, each through its YAML text, on
 * all cores, and compares them with theory. `checksInTable`: the number of checks that share the
 * 1 %. It is the whole table's, so that a single row gives the same result as the full table.
 */
export async function validate(
  rows: readonly ValidationRow[],
  checksInTable: number,
  options: ValidateOptions,
): Promise<ValidationOutcome> {
  const { seed, quick } = options;
  const lengths = rows.map((row) => lengthOf(row, quick));
  const scenarios = await Promise.all(
    rows.map((row, r) => parseScenario(`${row.id}.yaml`, scenarioText(row, lengths[r], seed))),
  );
  const references = referencesOf(rows, options);
  const samples: Sample[][] = rows.map(() => []);
  const events = rows.map(() => 0);
  const jobs = jobsOf(rows, lengths, scenarios);
  await runJobs(
    jobs.map((job) => job.spec),
    options,
    (job, { result }) => {
      const { row, replication } = jobs[job];
      const values = rows[row].checks.map((check) => check.measure(result, lengths[row]));
      samples[row][replication] = { metrics: result.metrics, values };
      events[row] += result.events;
    },
  );
  const exact = await references;
  const confidencePerCheck = 1 - (1 - FAMILY_CONFIDENCE) / checksInTable;
  const outcomes = rows.map((row, r): RowOutcome => {
    const checks = judgeRow(row, lengths[r], samples[r], exact[r], confidencePerCheck, quick);
    return {
      id: row.id,
      model: row.model,
      source: row.source,
      replications: lengths[r].replications,
      arrivals: samples[r].reduce((sum, sample) => sum + sample.metrics.arrivals, 0),
      events: events[r],
      checks,
      pass: checks.every((check) => check.verdict === "pass"),
    };
  });
  return {
    seed,
    mode: quick ? "quick" : "full",
    confidence: FAMILY_CONFIDENCE,
    confidencePerCheck,
    pass: outcomes.every((row) => row.pass),
    rows: outcomes,
  };
}

function jobsOf(
  rows: readonly ValidationRow[],
  lengths: readonly RunLength[],
  scenarios: readonly Scenario[],
): { readonly row: number; readonly replication: number; readonly spec: JobSpec }[] {
  return rows.flatMap((row, r) => {
    const { replications, windowS, warmupS } = lengths[r];
    const weight = (windowS + warmupS) * row.arrivalsPerSecond * (row.costPerArrival ?? 1);
    return Array.from({ length: replications }, (_, replication) => {
      return { row: r, replication, spec: { scenario: scenarios[r], policy: 0, replication, weight } };
    });
  });
}

/**
 * Runs one after the other in this thread, while the workers simulate. A failure is thrown when
 * it is awaited.
 */
function referencesOf(
  rows: readonly ValidationRow[],
  options: ValidateOptions,
): Promise<Readonly<Record<string, ReferenceEstimate>>[]> {
  const all = (async () => {
    const found: Readonly<Record<string, ReferenceEstimate>>[] = [];
    for (const row of rows) {
      found.push((await row.reference?.(options.seed, options.quick ? QUICK.effort : 1, options.signal)) ?? {});
    }
    return found;
  })();
  all.catch(() => undefined);
  return all;
}

function judgeRow(
  row: ValidationRow,
  length: RunLength,
  samples: readonly Sample[],
  references: Readonly<Record<string, ReferenceEstimate>>,
  confidence: number,
  quick: boolean,
): CheckOutcome[] {
  const { arrivalsPerSecond, load } = row;
  const controls = flowControls(samples, { arrivalsPerSecond, load, windowS: length.windowS });
  return row.checks.map((check, c) => {
    const exact = typeof check.exact === "number" ? check.exact : references[check.exact.reference];
    const values = samples.map((sample) => sample.values[c]);
    return judge(check, exact, values, controls, confidence, quick ? QUICK.widening : 1);
  });
}
