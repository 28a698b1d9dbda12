import { provesShare, shareInterval, trialsToProve } from "../base/binomial.js";
import type { RunResult } from "../world/run-result.js";
import type { Scenario } from "../world/scenario/scenario.js";
import type { SloSpec } from "../world/scenario/sections/slo.js";
import type { SloMiss } from "../world/slo-judgement.js";
import type { ResultDocument, SloOutcome } from "./result.js";

const CONFIDENCE = 0.95;

/**
 * The SLO over the replications of one policy; undefined without an SLO. A run at which the policy
 * failed meets nothing: its fleet was not scaled. Works on kept runs as well.
 */
export function sloOutcome(
  slo: SloSpec | undefined,
  runs: readonly Pick<RunResult, "slo" | "policyFailures">[],
): SloOutcome | undefined {
  if (slo === undefined) return undefined;
  const of = runs.length;
  const met = runs.filter((run) => run.slo?.met === true && run.policyFailures === undefined).length;
  const { low, high } = shareInterval(met, of, CONFIDENCE);
  return { met, of, low, high, days: slo.days, proved: provesShare(met, of, slo.days, CONFIDENCE) };
}

/** The share of replications is at least what the scenario demands. */
export function isSloMet({ met, of, days }: SloOutcome): boolean {
  // 1e-12: 0.95 of 20 is 19 only up to rounding.
  return met >= days * of * (1 - 1e-12);
}

/** "met in 8 of 12 replications (35–90 %)". */
export function sloText(slo: SloOutcome): string {
  const { met, of } = slo;
  return `met in ${met} of ${of} replication${of === 1 ? "" : "s"} (${intervalText(slo)})`;
}

/** "met in 8 of 12 (35–90 %)", for a column of a table. */
export function shortSloText(slo: SloOutcome): string {
  return `met in ${slo.met} of ${slo.of} (${intervalText(slo)})`;
}

function intervalText({ low, high }: SloOutcome): string {
  const percent = (share: number): string => String(Math.round(share * 100));
  return `${percent(low)}–${percent(high)} %`;
}

/**
 * Whether the SLO is met, and one line per policy. `demand`: the share of replications, or its
 * proof.
 */
export function assertSlo(
  scenario: Scenario,
  document: ResultDocument,
  runs: readonly (readonly Pick<RunResult, "slo">[])[],
  demand: "met" | "proved",
): { readonly holds: boolean; readonly lines: readonly string[] } {
  let holds = true;
  const lines = document.policies.flatMap(({ name, slo, failures }, p) => {
    if (slo === undefined) return [];
    if (failures !== undefined) {
      holds = false;
      return [`${name}: no verdict on the SLO, since the policy failed`];
    }
    const days = `${percentText(slo.days)} of replications must meet it`;
    if (!isSloMet(slo)) {
      holds = false;
      return [`${name}: SLO ${sloText(slo)}; ${days}`, ...missTexts(scenario.slo, runs[p]).map((text) => `  ${text}`)];
    }
    if (slo.proved) return [];
    if (demand === "proved") holds = false;
    return [`${name}: SLO ${sloText(slo)}; ${days}: met but not proved. ${proofText(slo)}`];
  });
  return { holds, lines };
}

function proofText({ met, of, days }: SloOutcome): string {
  const failures = of - met;
  const needed = trialsToProve(failures, days, CONFIDENCE);
  if (needed === undefined) return `No number of replications proves ${percentText(days)}.`;
  return `${needed - failures} of ${needed} replications would prove it.`;
}

/** The missed bounds: in how many replications, and by how much at worst. */
function missTexts(slo: SloSpec | undefined, runs: readonly Pick<RunResult, "slo">[]): string[] {
  const byBound = new Map<SloMiss["bound"], SloMiss[]>();
  for (const run of runs) {
    for (const miss of run.slo?.misses ?? []) byBound.set(miss.bound, [...(byBound.get(miss.bound) ?? []), miss]);
  }
  return [...byBound].map(([bound, misses]) => {
    const worst = percentText(Math.max(...misses.map((miss) => miss.share)));
    const where = `in ${misses.length} of ${runs.length}`;
    return `${boundText(bound, slo)} ${where}: up to ${worst}, ${percentText(misses[0].allowed)} allowed`;
  });
}

function boundText(bound: SloMiss["bound"], slo: SloSpec | undefined): string {
  if (bound === "startLatency") return `waits above ${slo?.startLatency?.boundMs} ms too frequent`;
  return bound === "violatingMinutes" ? "violating minutes too frequent" : `${bound} too large`;
}

function percentText(share: number): string {
  return `${Number((share * 100).toPrecision(4))} %`;
}
