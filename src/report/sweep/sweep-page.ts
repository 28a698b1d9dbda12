import type { EffectRow, SweepDocument } from "../../experiment/sweep/sweep-document.js";
import type { Answer } from "../answer.js";
import type { Chart } from "../chart.js";
import { fixedTicks } from "../charts/fixed-ticks.js";
import { DOT_SYMBOL_SIZE } from "../charts/hover.js";
import { policyStroke } from "../charts/policy-lines.js";
import { ONLY_SHOWN, shownPolicies } from "../charts/shown-policies.js";
import { textTableHtml } from "../frontier-tables.js";
import { type Html, html } from "../html.js";
import { chartNumber, formatInterval } from "../numbers.js";
import { renderPage } from "../page.js";
import { block, charts, full, half } from "../page-blocks.js";
import { bestSentence, costName, valuesText } from "./sweep-text.js";

/** Rows of the table of settings; all are in results.jsonl. */
const MOST_ROWS = 200;
/** More values than this have an axis with round numbers. */
const MOST_TICKS = 12;

/**
 * The page of a sweep: the best setting, the main effect of each axis, the surface of two axes,
 * and the settings.
 */
export function sweepPage(document: SweepDocument): Promise<string> {
  const paths = [...new Set(document.effects.map((effect) => effect.path))];
  const unit = costName(document);
  const effects = paths.flatMap((path, i) => effectCharts(document.effects, path, i, unit));
  const surface = paths.length === 2 ? surfaceCharts(document, paths, unit) : [];
  return renderPage({
    title: `Sweep of ${document.scenario.name}`,
    lead: `${document.done} of ${document.runs} runs${document.failed > 0 ? `, ${document.failed} failed` : ""}`,
    answer: sweepAnswer(document),
    pictures: effects.slice(0, 2).map(half),
    policies: policiesOf(document),
    sections: [
      ...(effects.length <= 2
        ? []
        : [{ id: "effects", title: "Main effects", blocks: [charts(effects.slice(2).map(half))] }]),
      ...(surface.length === 0 ? [] : [{ id: "surface", title: "Surface", blocks: [charts(surface.map(full))] }]),
      { id: "settings", title: "Evidence: every setting", blocks: [block(settingsTable(document))] },
    ],
    footer: `headrace ${document.version} · results ${document.hash}`,
  });
}

function sweepAnswer(document: SweepDocument): Answer {
  const { best, runs, done } = document;
  return {
    tone: best === null || best.meets === null ? "even" : best.meets ? "better" : "worse",
    sentence: bestSentence(document),
    proof: [],
    caveats: [done < runs ? `${runs - done} of ${runs} runs are missing: the answer may change.` : ""],
  };
}

function policiesOf({ effects }: SweepDocument): string[] {
  return [...new Set(effects.map(({ policy }) => policy))];
}

type Spec = Readonly<Record<string, unknown>>;

/** The cost along one axis, and, with an SLO, the share of runs that meet it. */
function effectCharts(effects: readonly EffectRow[], path: string, i: number, unit: string): Chart[] {
  const rows = effects.filter((effect) => effect.path === path);
  const names = [...new Set(effects.map(({ policy }) => policy))];
  const without = names.filter((name) => rows.every(({ policy }) => policy !== name));
  const isNumeric = rows.every((row) => typeof row.value === "number");
  const values = rows.map(({ value, policy, cost, met, points }) => ({
    value: isNumeric ? value : String(value),
    policy,
    mean: chartNumber(cost.mean),
    ...(cost.halfWidth === null ? {} : endsOf(cost.mean, cost.halfWidth)),
    met,
    points,
  }));
  const x = {
    field: "value",
    type: isNumeric ? "quantitative" : "ordinal",
    sort: null,
    ...(isNumeric ? { scale: { zero: false } } : {}),
    axis: { title: path, ...(isNumeric ? { ...triedTicks(rows), format: "~r" } : { labelAngle: 0 }) },
  };
  const shared = {
    height: 220,
    params: [shownPolicies(names)],
    data: { values },
    transform: [ONLY_SHOWN],
    encoding: { x, ...policyStroke(names, "policy", DOT_SYMBOL_SIZE) },
  };
  const cost = costChart(shared, rows, { path, i, unit, without });
  return rows.every((row) => row.met === null) ? [cost] : [cost, metChart(shared, path, i)];
}

/** Ticks mark the values that ran, if there are few. */
function triedTicks(rows: readonly EffectRow[]): Spec {
  const values = [...new Set(rows.map(({ value }) => Number(value)))];
  return values.length <= MOST_TICKS ? fixedTicks(values) : {};
}

function endsOf(mean: number, halfWidth: number): { low: number; high: number } {
  return { low: chartNumber(mean - halfWidth), high: chartNumber(mean + halfWidth) };
}

interface EffectAxis {
  readonly path: string;
  readonly i: number;
  readonly unit: string;
  /** Policies that this axis does not concern. */
  readonly without: readonly string[];
}

function costChart(shared: Spec, rows: readonly EffectRow[], { path, i, unit, without }: EffectAxis): Chart {
  const hasIntervals = rows.some((row) => row.cost.halfWidth !== null);
  const interval = {
    mark: { type: "rule", strokeDash: [1, 0] },
    encoding: { y: { field: "low", type: "quantitative" }, y2: { field: "high" } },
  };
  const y = { field: "mean", type: "quantitative", scale: { zero: false }, axis: { title: unit } };
  const seeds = hasIntervals ? ", with the 95 % interval over the seeds" : ": one seed, no interval";
  const others = without.length === 0 ? "" : ` It is no knob of ${without.join(", ")}.`;
  return {
    name: `effect-${i}`,
    title: `${unit.charAt(0).toUpperCase()}${unit.slice(1)} by ${path}`,
    caption: `Mean over all points with this value${seeds}.${others}`,
    description: `Mean ${unit} at each value of ${path}, by policy.`,
    spec: {
      ...shared,
      layer: [{ mark: { type: "line", point: true }, encoding: { y } }, ...(hasIntervals ? [interval] : [])],
    },
  };
}

function metChart(shared: Spec, path: string, i: number): Chart {
  const axis = { title: "share of runs", format: ".0%" };
  const y = { field: "met", type: "quantitative", scale: { domain: [0, 1] }, axis };
  return {
    name: `met-${i}`,
    title: `SLO met by ${path}`,
    caption: "Share over all seeds of all points with this value; these points differ in the other axes: no interval.",
    description: `Share of runs that meet the SLO at each value of ${path}, by policy.`,
    spec: { ...shared, layer: [{ mark: { type: "line", point: true }, encoding: { y } }] },
  };
}

/** Mean cost over both axes, one map per policy; settings that miss the SLO are crossed. */
function surfaceCharts(document: SweepDocument, [a, b]: readonly string[], unit: string): Chart[] {
  const drawn = document.settings.filter(({ values }) => a in values && b in values);
  const means = drawn.map(({ cost }) => chartNumber(cost.mean));
  // One scale for all maps: a colour is the same cost on each.
  const scale = { domain: [Math.min(...means), Math.max(...means)] };
  return [...new Set(drawn.map((setting) => setting.policy))].map((policy, i) => {
    const values = drawn
      .filter((setting) => setting.policy === policy)
      .map(({ values: at, cost, meets }) => ({
        x: String(at[a]),
        y: String(at[b]),
        cost: chartNumber(cost.mean),
        misses: meets === false ? "×" : "",
      }));
    const text = { field: "misses", type: "nominal" };
    return {
      name: `surface-${i}`,
      title: `${policy}: ${unit}`,
      caption: `Rows: ${b}. × = misses the SLO.`,
      description: `Mean ${unit} of ${policy} over ${a} and ${b}.`,
      spec: {
        height: Math.min(420, 24 * new Set(values.map((value) => value.y)).size + 20),
        data: { values },
        encoding: {
          x: { field: "x", type: "ordinal", title: a, sort: null, axis: { labelAngle: 0 } },
          y: { field: "y", type: "ordinal", title: null, sort: null },
        },
        layer: [
          { mark: "rect", encoding: { color: { field: "cost", type: "quantitative", title: unit, scale } } },
          // White on black, readable on light and on dark cells.
          { mark: { type: "text", stroke: "white", strokeWidth: 3 }, encoding: { text } },
          { mark: { type: "text", color: "black" }, encoding: { text } },
        ],
      },
    };
  });
}

function settingsTable(document: SweepDocument): Html {
  const { settings } = document;
  const rows = settings
    .slice(0, MOST_ROWS)
    .map(({ values, policy, cost, slo }) => [
      policy,
      valuesText(values),
      formatInterval(cost.mean, cost.halfWidth),
      slo === null ? "–" : `${slo.met} of ${slo.of}`,
    ]);
  const table = textTableHtml({ title: "Settings", head: ["policy", "values", costName(document), "SLO met"], rows });
  if (settings.length <= MOST_ROWS) return table;
  return html`${table}<p>${settings.length - MOST_ROWS} more are in results.jsonl.</p>`;
}
