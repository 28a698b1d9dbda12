import type { Config } from "vega-lite";

/** Ink of the charts. `demand` becomes the page's ink in the dark. */
export const INK = { text: "#3a424a", muted: "#66707a", grid: "#e8ebee", rule: "#c3c9cf", demand: "#30363d" } as const;

/**
 * One colour, one meaning: grey is the baseline, these are the candidates. None of them is the
 * green,
 * the red or the teal below. Blue, amber, sky and pink are of Okabe and Ito (2008), which
 * colour-blind readers can distinguish; the lines differ by their dashes as well.
 */
export const BASELINE_COLOUR = "#6b7682";
const CANDIDATE_COLOURS = ["#0072b2", "#e69f00", "#8e5bb5", "#56b4e9", "#9c8400", "#cc79a7", "#8a5a44"] as const;

/** The colours of verdicts, as on the page. Only these two mean good and bad. */
export const WORD_COLOURS = { better: "#2e7d32", even: "#8a949e", worse: "#c4262e" } as const;

/** The colour of a forecast, on pages without policies. */
export const FORECAST_COLOUR = CANDIDATE_COLOURS[0];

/** A neutral event at an instant: a flash crowd, a lasting shift. */
export const EVENT_COLOUR = CANDIDATE_COLOURS[1];

/** For the series of the traffic, which are no policies: shades of teal. */
export const SERIES_COLOURS = [
  "#0e8a94",
  "#6fc3c9",
  "#1f6f78",
  "#9ccfa6",
  "#4fa08a",
  "#2f93a8",
  "#8fb8bd",
  "#9aa4ae",
] as const;

/** The colour of policy `index`; 0 is the baseline. Beyond eight policies the colours repeat. */
export function policyColour(index: number): string {
  return index === 0 ? BASELINE_COLOUR : CANDIDATE_COLOURS[(index - 1) % CANDIDATE_COLOURS.length];
}

const DASHES = [
  [1, 0],
  [1, 0],
  [7, 3],
  [2, 2],
  [9, 3, 2, 3],
  [4, 2],
  [12, 4],
  [1, 3],
] as const;

/**
 * The dashes of policy `index`: with the widths of `policyWidth`, lines that coincide stay visible.
 */
export function policyDash(index: number): readonly number[] {
  return DASHES[index % DASHES.length];
}

/** The baseline is drawn first and wide, the candidates narrow above it (px). */
export function policyWidth(index: number): number {
  return index === 0 ? 3.4 : 1.7;
}

/** Vega's default is a tick for every 40 px: one line of small numbers at 1,280 px. */
const MOST_X_TICKS = 8;

const FONT = "ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";

/**
 * Legends are above, in as many columns as fit: beside a chart a narrow page would clip them.
 */
export const CHART_CONFIG: Config = {
  // Only the chart's element has the description: reading every guide aloud would not help.
  aria: false,
  font: FONT,
  // As in the text: a true minus sign, and a space before the per cent sign.
  locale: { number: { decimal: ".", thousands: ",", grouping: [3], currency: ["", ""], percent: " %", minus: "−" } },
  background: "transparent",
  padding: { left: 2, right: 20, top: 4, bottom: 2 },
  view: { stroke: null },
  axis: {
    labelColor: INK.muted,
    titleColor: INK.muted,
    labelFontSize: 11,
    titleFontSize: 11,
    titleFontWeight: "normal",
    titlePadding: 8,
    gridColor: INK.grid,
    domainColor: INK.rule,
    tickColor: INK.rule,
    tickSize: 4,
    labelPadding: 5,
    labelOverlap: "greedy",
    labelSeparation: 6,
  },
  axisX: { grid: false, labelFlush: false },
  axisXQuantitative: { tickCount: MOST_X_TICKS },
  axisY: { domain: false, ticks: false, tickCount: 5 },
  legend: {
    orient: "top",
    direction: "horizontal",
    title: null,
    labelColor: INK.text,
    labelFontSize: 11.5,
    labelLimit: 260,
    titleColor: INK.muted,
    titleFontSize: 11,
    titleFontWeight: "normal",
    symbolStrokeWidth: 2.5,
    symbolSize: 90,
    columnPadding: 18,
    offset: 10,
  },
  line: { strokeWidth: 1.6, strokeJoin: "round" },
  area: { line: false },
};
