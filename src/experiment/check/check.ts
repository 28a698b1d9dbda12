import { InputError } from "../../base/errors.js";
import type { MetricName } from "../../world/metric-table.js";
import type { JobPoolOptions } from "../job-pool.js";
import { metricCatalogue } from "../metric-catalogue.js";
import { packageVersion } from "../version.js";
import { type Baseline, readBaseline } from "./baseline-file.js";
import type { CheckDocument, CheckRow, FirstDivergence, SloFailure } from "./check-document.js";
import { divergences, type NamedEvidence, type PolicyDivergence, rowsOf, scenarioBefore } from "./compare-figures.js";
import { isMean, type ScenarioFigures } from "./figures.js";
import { GateRuns, type GateSubject, readSubjects } from "./gate-run.js";
import type { Regression } from "./regression-file.js";
import { judgeRows, type RowVerdict, verdictOf } from "./row-verdict.js";

/** The result of a check, with all that a report is made from. */
export interface CheckOutcome {
  readonly document: CheckDocument;
  readonly divergences: readonly PolicyDivergence[];
  /** The new figures, which `--update` would accept after running all replications. */
  readonly figures: readonly ScenarioFigures[];
}

/**
 * The gate: runs all scenarios again with the seeds of the baseline and judges each gated metric.
 * 1. Read all files. A baseline of another world, seed or set of replications is refused.
 * 2. Run the first stage. Equal decisions and figures are *identical*.
 * 3. Run a scenario with an undecided row up to the last stage, once; not for a policy that failed.
 * 4. Judge all rows together, with those against the release, and name the first decision that
 *   differs.
 */
export async function runCheck(regression: Regression, options: JobPoolOptions): Promise<CheckOutcome> {
  const baseline = await baselineOf(regression);
  const release = regression.release === undefined ? undefined : await releaseOf(regression.release);
  const subjects = await readSubjects(regression.scenarios, regression.mostTimes);
  const arePooled = [...regression.metrics.keys()].some((metric) => !isMean(metric as MetricName));
  const before = subjects.map((subject) => scenarioBefore(baseline, subject, arePooled));
  const beforeRelease = subjects.map(
    (subject) => release && releaseFigures(release, subject.gated.written, subject.world),
  );
  const runs = new GateRuns(subjects, options);
  const metrics = [...regression.metrics.keys()];
  const all = subjects.map((_, s) => s);
  const rows = (now: readonly ScenarioFigures[]): CheckRow[] => {
    const against = (side: readonly (ScenarioFigures | undefined)[], name: "baseline" | "release") =>
      now.flatMap((one, s) => {
        const old = side[s];
        return old === undefined ? [] : rowsOf(old, one, regression.metrics, name);
      });
    const named = [...against(before, "baseline"), ...against(beforeRelease, "release")];
    return judged(named, regression.alpha).map((row) => ({
      ...row,
      ...moneyOf(row, subjects),
      ...failedOf(row, runs),
    }));
  };
  await runs.upTo("first", all);
  let now = all.map((s) => runs.figures(s, metrics));
  let found = rows(now);
  // More replications do not decide about a policy that failed.
  const undecided = found.filter((row) => row.verdict === "cannot-tell" && !runs.hasFailed(row.scenario, row.policy));
  const open = all.filter((s) => undecided.some((row) => row.scenario === now[s].file));
  if (open.some((s) => subjects[s].last > subjects[s].first)) {
    await runs.upTo("last", open);
    now = all.map((s) => runs.figures(s, metrics));
    found = rows(now);
  }
  requireRows(regression, found);
  const apart = now.flatMap((one, s) => divergences(before[s], one));
  const sloFailures = regression.slo === "ignore" ? [] : runs.sloFailures(regression.slo === "proved");
  return {
    document: {
      verdict: overall(found, sloFailures),
      rows: found,
      firstDivergence: earliest(apart),
      sees: seesOf(found),
      sloFailures,
      alpha: regression.alpha,
      version: packageVersion(),
    },
    divergences: apart,
    figures: now,
  };
}

async function baselineOf({ baseline: file }: Regression): Promise<Baseline> {
  const baseline = await readBaseline(file);
  if (baseline !== undefined) return baseline;
  throw new InputError({
    code: "HR1701",
    where: file,
    got: "no baseline yet",
    expected: "the figures that were accepted last",
    remedy: "Accept the present ones: headrace check --update --reason TEXT",
  });
}

async function releaseOf(file: string): Promise<Baseline> {
  const release = await readBaseline(file);
  if (release !== undefined) return release;
  throw new InputError({
    code: "HR1701",
    where: file,
    got: "no such baseline",
    expected: "the baseline of the last release",
    remedy: "Copy the accepted baseline there at a release, or remove release from the gate's file",
  });
}

/**
 * A release may lack a newer scenario. It is not compared with a scenario whose world has changed
 * since.
 */
function releaseFigures(release: Baseline, written: string, world: string): ScenarioFigures | undefined {
  return release.scenarios.find((one) => one.file === written && one.world === world);
}

function judged(named: readonly NamedEvidence[], alpha: number): CheckRow[] {
  const results = judgeRows(
    named.map((row) => row.evidence),
    alpha,
  );
  return named.map(({ evidence, ...names }, i) => ({
    ...names,
    ...results[i],
    replications: evidence.before.values.length,
  }));
}

/** If a policy failed, its fleet was not scaled, so its figures mean nothing. */
function failedOf({ scenario, policy }: CheckRow, runs: GateRuns): Partial<Pick<CheckRow, "verdict" | "needs">> {
  return runs.hasFailed(scenario, policy) ? { verdict: "cannot-tell", needs: null } : {};
}

/** The currency of a row in money, where its scenario names one. */
function moneyOf({ scenario, metric }: CheckRow, subjects: readonly GateSubject[]): Pick<CheckRow, "currency"> {
  const currency = subjects.find(({ gated }) => gated.written === scenario)?.scenario.cost?.currency;
  return currency === undefined || metricCatalogue[metric].unit !== "currency" ? {} : { currency };
}

/** Against a release only drift for the worse counts: releases are there to improve. */
function overall(rows: readonly CheckRow[], sloFailures: readonly SloFailure[]): RowVerdict {
  const counted = rows.flatMap((row): RowVerdict[] => {
    if (row.against === "baseline") return [row.verdict];
    return row.verdict === "regressed" ? ["regressed"] : [];
  });
  return verdictOf(sloFailures.length > 0 ? [...counted, "regressed"] : counted);
}

/** A metric that no policy has (cost without prices) would otherwise go unnoticed. */
function requireRows(regression: Regression, rows: readonly CheckRow[]): void {
  for (const { written } of regression.scenarios) {
    for (const metric of regression.metrics.keys()) {
      if (rows.some((row) => row.scenario === written && row.metric === metric)) continue;
      throw new InputError({
        code: "HR1702",
        where: regression.file,
        got: `metrics: ${metric}, which ${written} does not have`,
        expected: "metrics of every gated scenario",
        remedy: "Give the scenario what the metric needs (slo, cost, hosts), or gate it in a separate file",
      });
    }
  }
}

function earliest(apart: readonly PolicyDivergence[]): FirstDivergence | null {
  let found: FirstDivergence | null = null;
  for (const { scenario, policy, pools, first } of apart) {
    if (first === undefined || (found !== null && found.atMs <= first.atMs)) continue;
    const { atMs, pool, from, to, reasons, saw } = first;
    found = { scenario, policy, atMs, pool: pools[pool], from, to, reasons, saw };
  }
  return found;
}

function seesOf(rows: readonly CheckRow[]): number | null {
  const metric = rows.some((row) => row.metric === "cost") ? "cost" : rows[0]?.metric;
  const seen = rows.flatMap((row) => (row.metric === metric && row.sees !== null ? [row.sees] : []));
  return seen.length === 0 ? null : Math.max(...seen);
}
