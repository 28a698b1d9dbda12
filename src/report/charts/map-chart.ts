import type { MapCell } from "../../experiment/study/steepness-map.js";
import type { Chart } from "../chart.js";
import { INK, WORD_COLOURS } from "../chart-theme.js";
import { chartNumber, formatFixed, formatInterval } from "../numbers.js";

/** Savings beyond this share take the full colour. */
const FULL_COLOUR = 10;

const TOOLTIP =
  "{'time to capacity': datum.spawn, 'steepest growth': datum.steepness, " +
  "'saving': datum.interval, 'against': datum.against}";

/**
 * Time to capacity × steepness of demand, coloured by the saving of prediction against the best
 * reactive policy.
 */
export function mapChart(cells: readonly MapCell[]): Chart {
  const spawns = [...new Set(cells.map((cell) => cell.spawn))];
  const steep = [...new Set(cells.map((cell) => steepnessText(cell.steepness)))];
  const values = cells.map((cell) => {
    const saving = cell.cost === null ? null : -100 * cell.cost.value;
    const halfWidth = cell.cost?.halfWidth == null ? null : 100 * cell.cost.halfWidth;
    return {
      spawn: cell.spawn,
      steepness: steepnessText(cell.steepness),
      saving: saving === null ? null : chartNumber(saving),
      text: saving === null ? "–" : `${saving > 0 ? "+" : ""}${formatFixed(saving, 1)} %`,
      interval: saving === null ? "one of them does not come there" : `${formatInterval(saving, halfWidth, true)} %`,
      against: cell.reactive ?? "none",
    };
  });
  return {
    name: "where-prediction-pays",
    title: "Where prediction pays",
    caption:
      "Saving of the predictive policy against the cheapest reactive " +
      "one at 1 % violating minutes; below zero it costs more.",
    description:
      "Saving of the predictive policy by time to capacity " +
      `(${spawns.join(", ")}) and steepness of demand (${steep.join(", ")}).`,
    spec: {
      height: 46 * steep.length,
      data: { values },
      encoding: {
        x: { field: "spawn", type: "ordinal", sort: spawns, axis: { title: "time to capacity", labelAngle: 0 } },
        y: {
          field: "steepness",
          type: "ordinal",
          sort: steep,
          axis: { title: "steepest growth of demand, per minute" },
        },
      },
      layer: [
        {
          mark: { type: "rect", tooltip: { expr: TOOLTIP } },
          encoding: {
            color: {
              field: "saving",
              type: "quantitative",
              scale: {
                domain: [-FULL_COLOUR, 0, FULL_COLOUR],
                range: [WORD_COLOURS.worse, "#f4f5f6", WORD_COLOURS.better],
                clamp: true,
              },
              legend: null,
            },
          },
        },
        {
          mark: { type: "text", fontSize: 12, color: INK.text },
          encoding: { text: { field: "text", type: "nominal" } },
        },
      ],
    },
  };
}

function steepnessText(percentPerMinute: number): string {
  return `${formatFixed(percentPerMinute, percentPerMinute < 1 ? 2 : 1)} %`;
}
