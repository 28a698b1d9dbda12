import type { EffectRow, SweepDocument } from "../../experiment/sweep/sweep-document.js";
import type { Chart } from "../chart.js";
import { html } from "../html.js";
import { chartNumber, formatInterval } from "../numbers.js";
import { type Page, renderPage } from "../page.js";
import { bestSentence, valuesText } from "./sweep-text.js";

/** Rows of the table of settings; all are in results.jsonl. */
const MOST_ROWS = 200;

/** The page of a sweep: the best setting, the main effect of each axis, the surface where there are two, and the settings. */
export function sweepPage(document: SweepDocument): Promise<string> {
  const paths = [...new Set(document.effects.map((effect) => effect.path))];
  const unit = document.best?.costMetric === "streamletHours" ? "streamlet-hours" : "cost";
  const effects = paths.flatMap((path, i) => effectCharts(document.effects, path, i, unit));
  const surface = paths.length === 2 ? surfaceCharts(document, paths, unit) : [];
  const charts = (list: readonly Chart[], size: "full" | "half") =>
    list.length === 0 ? [] : [{ kind: "charts" as const, charts: list.map((chart) => ({ chart, size })) }];
  const page: Page = {
    title: `Sweep of ${document.scenario.name}`,
    lead: bestSentence(document),
    sections: [
      { id: "effects", title: "Main effects", blocks: charts(effects, "half") },
      ...(surface.length === 0 ? [] : [{ id: "surface", title: "Surface", blocks: charts(surface, "full") }]),
      { id: "settings", title: "Settings", blocks: [{ kind: "html" as const, html: settingsTable(document) }] },
    ],
    footer: `headrace ${document.version}, ${document.done} of ${document.runs} runs, results ${document.hash}`,
  };
  return renderPage(page);
}

function effectCharts(effects: readonly EffectRow[], path: string, i: number, unit: string): Chart[] {
  const rows = effects.filter((effect) => effect.path === path);
  const isNumeric = rows.every((row) => typeof row.value === "number");
  const x = {
    field: "value",
    type: isNumeric ? "quantitative" : "ordinal",
    title: path,
    sort: null,
    scale: isNumeric ? { zero: false } : undefined,
  };
  const color = { field: "policy", type: "nominal", title: null };
  const values = rows.map(({ value, policy, cost, met, points }) => ({
    value: isNumeric ? value : String(value),
    policy,
    mean: chartNumber(cost.mean),
    low: chartNumber(cost.mean - (cost.halfWidth ?? 0)),
    high: chartNumber(cost.mean + (cost.halfWidth ?? 0)),
    met,
    points,
  }));
  const interval = {
    mark: { type: "rule" },
    encoding: { y: { field: "low", type: "quantitative" }, y2: { field: "high" } },
  };
  const cost: Chart = {
    name: `effect-${i}`,
    title: `${unit} by ${path}`,
    caption: "Mean over all points with this value, with the 95 % interval over the seeds.",
    description: `Mean ${unit} at each value of ${path}, by policy.`,
    spec: {
      height: 200,
      data: { values },
      encoding: { x, color },
      layer: [
        {
          mark: { type: "line", point: true },
          encoding: { y: { field: "mean", type: "quantitative", title: unit, scale: { zero: false } } },
        },
        ...(rows.some((row) => row.cost.halfWidth !== null) ? [interval] : []),
      ],
    },
  };
  if (rows.every((row) => row.met === null)) return [cost];
  const met: Chart = {
    name: `met-${i}`,
    title: `SLO met by ${path}`,
    description: `Share of runs that meet the SLO at each value of ${path}, by policy.`,
    spec: {
      height: 200,
      data: { values },
      mark: { type: "line", point: true },
      encoding: {
        x,
        color,
        y: {
          field: "met",
          type: "quantitative",
          title: "share of runs",
          scale: { domain: [0, 1] },
          axis: { format: ".0%" },
        },
      },
    },
  };
  return [cost, met];
}

/** Mean cost over both axes, one map per policy; settings that miss the SLO are crossed. */
function surfaceCharts(document: SweepDocument, [a, b]: readonly string[], unit: string): Chart[] {
  const policies = [...new Set(document.settings.map((setting) => setting.policy))];
  return policies.map((policy, i) => {
    const values = document.settings
      .filter((setting) => setting.policy === policy)
      .map(({ values: at, cost, meets }) => ({
        x: String(at[a]),
        y: String(at[b]),
        cost: chartNumber(cost.mean),
        misses: meets === false ? "×" : "",
      }));
    return {
      name: `surface-${i}`,
      title: `${policy}: ${unit}`,
      caption: "× = misses the SLO.",
      description: `Mean ${unit} of ${policy} over ${a} and ${b}.`,
      spec: {
        height: Math.min(420, 24 * new Set(values.map((value) => value.y)).size + 20),
        data: { values },
        encoding: {
          x: { field: "x", type: "ordinal", title: a, sort: null },
          y: { field: "y", type: "ordinal", title: b, sort: null },
        },
        layer: [
          { mark: "rect", encoding: { color: { field: "cost", type: "quantitative", title: unit } } },
          { mark: { type: "text" }, encoding: { text: { field: "misses", type: "nominal" } } },
        ],
      },
    };
  });
}

function settingsTable({ settings }: SweepDocument) {
  const rows = settings
    .slice(0, MOST_ROWS)
    .map(
      ({ values, policy, cost, slo }) =>
        html`<tr><td>${policy}</td><td>${valuesText(values)}</td><td>${formatInterval(cost.mean, cost.halfWidth)}</td><td>${slo === null ? "–" : `${slo.met} of ${slo.of}`}</td></tr>`,
    );
  const left =
    settings.length > MOST_ROWS ? html`<p>${settings.length - MOST_ROWS} more are in results.jsonl.</p>` : html``;
  return html`<table><thead><tr><th scope="col">Policy</th><th scope="col">Values</th><th scope="col">Cost</th><th scope="col">SLO met</th></tr></thead><tbody>${rows}</tbody></table>${left}`;
}
