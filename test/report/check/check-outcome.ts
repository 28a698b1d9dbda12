import type { CheckOutcome } from "../../../src/experiment/check/check.js";
import type { CheckRow } from "../../../src/experiment/check/check-document.js";
import type { PolicyFigures } from "../../../src/experiment/check/figures.js";

/** A check of two policies in one scenario: hpa is dearer since 19:30, static is identical. */
export function checkOutcome(): CheckOutcome {
  const cost = { metric: "cost", before: 100, now: 104, delta: 4, halfWidth: 0.5, tolerance: 1 };
  const minutes = { metric: "sloViolationMinutes", before: 1, now: 60, delta: 59, halfWidth: 3, tolerance: 2 };
  const first = { scenario: "evening.yaml", policy: "hpa", atMs: 70_200_000, pool: "eu", from: 12, to: 14 };
  const saw = { atMs: 70_200_000, open: 80, waiting: 3, ready: 11, spawning: 1 };
  return {
    document: {
      verdict: "regressed",
      rows: [
        row("static", { ...cost, now: 100, delta: 0, halfWidth: 0 }, "identical"),
        row("hpa", cost, "regressed"),
        row("hpa", minutes, "regressed"),
        row("static", { ...minutes, now: 1, delta: 0, halfWidth: 0, tolerance: 0 }, "identical"),
      ],
      firstDivergence: { ...first, reasons: ["utilisation 0.71", "utilisation 0.61"], saw: [saw, saw] },
      sees: 0.004,
      sloFailures: [],
      alpha: 0.01,
      version: "0.1.0",
    },
    divergences: [
      {
        scenario: "evening.yaml",
        policy: "hpa",
        pools: ["eu"],
        replications: [0, 1],
        compared: 4,
        first: undefined,
        hour: 19,
        before: policyFigures("hpa", 0),
        now: policyFigures("hpa", 2),
      },
    ],
    figures: [
      {
        file: "evening.yaml",
        name: "evening",
        world: "ab12",
        seed: 3,
        pools: ["eu"],
        policies: [policyFigures("hpa", 2), policyFigures("static", 0)],
      },
    ],
  };
}

/** The same with nothing changed. */
export function identicalOutcome(): CheckOutcome {
  const { document, figures } = checkOutcome();
  const rows = document.rows.map((one): CheckRow => ({ ...one, now: one.before, delta: 0, verdict: "identical" }));
  return { document: { ...document, verdict: "identical", rows, firstDivergence: null }, divergences: [], figures };
}

function row(
  policy: string,
  figures: Pick<CheckRow, "metric" | "before" | "now" | "delta" | "halfWidth" | "tolerance">,
  verdict: CheckRow["verdict"],
): CheckRow {
  const about = { scenario: "evening.yaml", policy, against: "baseline" as const, verdict };
  const money = figures.metric === "cost" ? { currency: "EUR" } : {};
  return { ...about, ...figures, ...money, p: 0.001, replications: 10, sees: 0.004, needs: null };
}

/** A day by hour; from hour 19 on with `more` streamlets. */
function policyFigures(name: string, more: number): PolicyFigures {
  const hours = Array.from({ length: 24 }, (_unused, hour) => hour);
  const streamletsByHour = hours.map((hour) => 10 + (hour % 7) + (hour >= 19 ? more : 0));
  const quiet = hours.map(() => 0);
  const violatingByHour = hours.map((hour) => (hour >= 19 ? 5 * more : 0));
  const about = { name, kind: name, decisions: [], hours: [], kept: [], noise: new Map<string, number>(), stages: [] };
  return { ...about, streamletsByHour, waitingByHour: quiet, violatingByHour };
}
