import type { Config } from "vega-lite";

/** Ink of the charts. Marks named `demand` take the page's ink, so that they show in the dark as well. */
export const INK = { text: "#3a424a", muted: "#66707a", grid: "#e8ebee", rule: "#c3c9cf", demand: "#30363d" } as const;

/** Blue-grey for the baseline, then the colours of Okabe and Ito (2008), which colour-blind readers can tell apart. */
export const BASELINE_COLOUR = "#6b7f99";
const CANDIDATE_COLOURS = ["#d55e00", "#009e73", "#cc79a7", "#0072b2", "#e69f00", "#56b4e9", "#b8a800"] as const;
/** How the words of a comparison are coloured, as on the page. */
export const WORD_COLOURS = { better: "#00805c", even: "#8a949e", worse: "#c04f00" } as const;

/** For the series of the traffic, which are no policies. */
export const SERIES_COLOURS = [
  "#0072b2",
  "#56b4e9",
  "#009e73",
  "#e69f00",
  "#cc79a7",
  "#d55e00",
  "#b8a800",
  "#9aa4ae",
] as const;

/** The colour of policy `index`; 0 is the baseline. Beyond eight policies the colours come round again. */
export function policyColour(index: number): string {
  return index === 0 ? BASELINE_COLOUR : CANDIDATE_COLOURS[(index - 1) % CANDIDATE_COLOURS.length];
}

const FONT = "ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";

/** Legends stand above, in as many columns as fit: beside a chart they are clipped on a narrow page. */
export const CHART_CONFIG: Config = {
  font: FONT,
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
  axisY: { domain: false, ticks: false, tickCount: 5 },
  legend: {
    orient: "top",
    direction: "horizontal",
    title: null,
    labelColor: INK.text,
    labelFontSize: 11.5,
    labelLimit: 260,
    symbolStrokeWidth: 2.5,
    symbolSize: 90,
    columnPadding: 18,
    offset: 10,
  },
  line: { strokeWidth: 1.6, strokeJoin: "round" },
  area: { line: false },
};
