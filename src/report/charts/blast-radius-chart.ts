import type { RunResult } from "../../world/run-result.js";
import type { Chart } from "../chart.js";
import { policyColour } from "../chart-theme.js";
import { chartNumber, formatDuration, formatFixed } from "../numbers.js";
import { legendColumns, tooltipOf } from "./hover.js";
import { ONLY_SHOWN, shownPolicies } from "./shown-policies.js";

/** More bars than this cannot be distinguished. */
const MOST_BARS = 24;

interface NamedRuns {
  readonly name: string;
  readonly runs: readonly RunResult[];
}

/**
 * How many streams crashes interrupt per bin of the timeline, as shares of the bins with a crash.
 * The loss of a host counts with all its streamlets. Undefined without a crash.
 */
export function blastRadiusChart(policies: readonly NamedRuns[], warmupMs: number): Chart | undefined {
  const hurt = policies.map(({ runs }) => runs.flatMap((run) => streamsHurt(run, warmupMs)));
  if (hurt.every((counts) => counts.length === 0)) return undefined;
  const most = Math.max(...hurt.flat(), 0);
  const width = Math.max(1, Math.ceil((most + 1) / MOST_BARS));
  const names = policies.map(({ name }) => name);
  const values = hurt.flatMap((counts, p) => barsOf(counts, width, most).map((bar) => ({ policy: names[p], ...bar })));
  const bin = formatDuration(policies[0].runs[0].timeline.binMs);
  const crashes = hurt.map((counts, p) => `${names[p]} ${formatFixed(counts.length, 0)}`).join(", ");
  return {
    name: "blast-radius",
    title: "Blast radius",
    caption:
      `Streams cut short within ${bin} in which a streamlet crashed (such times: ${crashes}). ` +
      "A streamlet takes only its own streams with it; further right, several crashed at once.",
    description: `Distribution of the streams that crashes cut short under ${names.join(", ")}.`,
    columns: new Map([
      ["from", "streams cut short, from"],
      ["to", "up to"],
      ["share", "share of the times with a crash"],
    ]),
    spec: blastSpec(values, names, width),
  };
}

/** Streams interrupted, for each bin of the measured window in which a streamlet crashed. */
function streamsHurt({ timeline }: RunResult, warmupMs: number): number[] {
  const { binMs, crashes, interrupted } = timeline;
  const found: number[] = [];
  for (let bin = Math.ceil(warmupMs / binMs); bin < crashes.length; bin++) {
    if (crashes[bin] > 0) found.push(interrupted[bin]);
  }
  return found;
}

interface Bar {
  readonly from: number;
  readonly to: number;
  readonly share: number;
}

/** Every step up to the highest has its place, empty ones too: the axis has no hidden gaps. */
function barsOf(counts: readonly number[], width: number, most: number): Bar[] {
  const shares = new Float64Array(Math.floor(most / width) + 1);
  for (const count of counts) shares[Math.floor(count / width)] += 1 / counts.length;
  return Array.from(shares, (share, bar) => ({
    from: bar * width,
    to: (bar + 1) * width - 1,
    share: chartNumber(share),
  }));
}

function blastSpec(
  values: readonly Record<string, unknown>[],
  names: readonly string[],
  width: number,
): Record<string, unknown> {
  const scale = { domain: names, range: names.map((_name, p) => policyColour(p)) };
  const tooltip = tooltipOf([
    { title: "policy", text: "datum.policy" },
    {
      title: "streams cut short",
      text: "datum.to > datum.from ? datum.from + ' to ' + datum.to : toString(datum.from)",
    },
    { title: "of the times with a crash", text: "format(datum.share, '.1~%')" },
  ]);
  return {
    height: 150,
    params: [shownPolicies(names)],
    data: { values },
    transform: [ONLY_SHOWN],
    mark: { type: "bar", tooltip: { expr: tooltip } },
    encoding: {
      x: {
        field: "from",
        type: "ordinal",
        axis: {
          title: width === 1 ? "streams cut short" : `streams cut short, in steps of ${width}`,
          labelAngle: 0,
          labelOverlap: "greedy",
        },
      },
      xOffset: { field: "policy", sort: names },
      y: { field: "share", type: "quantitative", axis: { title: "share of these times", format: ".0%" } },
      color: {
        field: "policy",
        type: "nominal",
        scale,
        legend: { columns: legendColumns(names), symbolType: "square" },
      },
    },
  };
}
