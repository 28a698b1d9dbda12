import { Figure } from "../../world/watch/sample.js";
import { ALL_POOLS, type RunHistory } from "../history/run-history.js";
import { shortCount } from "./words.js";

const MINUTE_MS = 60_000;

/** The used share of an SLO's budget at an instant of a run. */
export interface Budget {
  readonly what: string;
  /** 1 = all of it; Infinity if nothing is allowed and some was used; NaN if unknown. */
  readonly usedShare: number;
  readonly text: string;
}

/**
 * The error budgets of the SLO and their use, over all requests since the warm-up, reconnections
 * included. The report counts first attempts by the minute of their arrival, so its ratios may
 * differ a little; violating minutes are the report's own.
 */
export function budgetsAt(side: RunHistory, cursorMs: number): readonly Budget[] {
  const { slo, warmupMs, durationMs } = side.facts;
  if (slo === undefined) return [];
  const budgets: Budget[] = [];
  const minutes = side.violationsUntil(cursorMs).length;
  if (slo.violatingMinutes !== undefined) {
    const measured = (durationMs - warmupMs) / MINUTE_MS;
    const allowed =
      "share" in slo.violatingMinutes ? slo.violatingMinutes.share * measured : slo.violatingMinutes.minutes;
    budgets.push(budget("violating minutes", minutes, allowed));
  } else {
    budgets.push({ what: "violating minutes", usedShare: Number.NaN, text: `${minutes} so far` });
  }
  const from = side.binsUntil(warmupMs);
  const to = Math.max(from, side.binsUntil(cursorMs));
  const count = (figure: Figure): number => side.count(figure, ALL_POOLS, from, to);
  const served = count(Figure.served);
  if (slo.startLatency !== undefined)
    budgets.push(budget("late starts", count(Figure.slow), (1 - slo.startLatency.probability) * served));
  const arrivals = count(Figure.arrivals);
  const ratios = [
    ["rejected", slo.rejectedRatio, Figure.rejected],
    ["abandoned", slo.abandonedRatio, Figure.abandoned],
    ["interrupted", slo.interruptedRatio, Figure.interrupted],
  ] as const;
  for (const [what, ratio, figure] of ratios)
    if (ratio !== undefined) budgets.push(budget(what, count(figure), ratio * arrivals));
  return budgets;
}

function budget(what: string, used: number, allowed: number): Budget {
  const usedShare = used === 0 ? 0 : allowed > 0 ? used / allowed : Number.POSITIVE_INFINITY;
  const shown = allowed < 10 ? String(Math.floor(allowed * 10) / 10) : shortCount(Math.floor(allowed));
  return { what, usedShare, text: `${shortCount(used)} of ${shown}` };
}
