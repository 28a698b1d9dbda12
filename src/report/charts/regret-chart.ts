import type { ResultDocument } from "../../experiment/result.js";
import type { Chart } from "../chart.js";
import { INK, policyColour } from "../chart-theme.js";
import { chartNumber, formatEstimate, metricFacts } from "../numbers.js";
import { tooltipOf } from "./hover.js";
import { ONLY_SHOWN, shownPolicies } from "./shown-policies.js";

const ROW_PX = 34;
const METRIC = "regretRatio";

/** Each policy's cost above the clairvoyant's; undefined if no run has it. */
export function regretChart({ policies }: ResultDocument): Chart | undefined {
  const facts = metricFacts(METRIC);
  const values = policies.flatMap(({ name, metrics }) => {
    const estimate = metrics[METRIC];
    if (estimate === undefined) return [];
    const { mean, halfWidth } = estimate;
    const ends = halfWidth === null ? {} : { low: chartNumber(mean - halfWidth), high: chartNumber(mean + halfWidth) };
    return [{ policy: name, regret: chartNumber(mean), ...ends, text: formatEstimate(estimate, facts) }];
  });
  if (values.length === 0) return undefined;
  const names = policies.map(({ name }) => name);
  const scale = { domain: names, range: names.map((_name, p) => policyColour(p)) };
  const color = { field: "policy", type: "nominal", scale, legend: null };
  const y = {
    field: "policy",
    type: "nominal",
    sort: names,
    axis: { title: null, domain: false, ticks: false, labelLimit: 150, labelColor: INK.text },
  };
  const x = {
    type: "quantitative",
    scale: { zero: true, nice: true },
    axis: { title: "cost above the clairvoyant's", grid: true, format: ".1~%", tickCount: 6 },
  };
  const tooltip = tooltipOf([
    { title: "policy", text: "datum.policy" },
    { title: "regret (%)", text: "datum.text" },
  ]);
  const hasIntervals = values.every((value) => "low" in value);
  return {
    name: "regret",
    title: "Regret",
    caption:
      "The clairvoyant serves the same streams at the same times and knows them all in " +
      `advance: no policy can cost less.${hasIntervals ? " Lines are the 95 % intervals." : ""}`,
    description: `Cost above the clairvoyant's: ${values.map(({ policy, text }) => `${policy} ${text} %`).join(", ")}.`,
    spec: {
      height: ROW_PX * values.length,
      params: [shownPolicies(names)],
      data: { values },
      transform: [ONLY_SHOWN],
      layer: [
        ...(hasIntervals
          ? [
              {
                mark: { type: "rule", strokeWidth: 2 },
                encoding: { x: { field: "low", ...x }, x2: { field: "high" }, y, color },
              },
            ]
          : []),
        {
          mark: { type: "point", shape: "diamond", filled: true, size: 110, opacity: 1, tooltip: { expr: tooltip } },
          encoding: { x: { field: "regret", ...x }, y, color },
        },
      ],
    },
  };
}
