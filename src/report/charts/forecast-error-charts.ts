import type { TraceForecast } from "../../forecasting/trace-forecast.js";
import type { Chart } from "../chart.js";
import { FORECAST_COLOUR } from "../chart-theme.js";
import { chartNumber, formatDuration } from "../numbers.js";

const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/**
 * The champion's mean absolute error at the provisioned lead by hour of the day and by weekday
 * (UTC).
 */
export function errorCharts(result: TraceForecast): Chart[] {
  const model = result.models.find((one) => one.model === result.champion) ?? result.models[0];
  const j = result.provisioned;
  const ahead = formatDuration(result.plan.leads[j] * result.series.binMs);
  const hours = Array.from(model.byHour[j], (error, hour) => ({ group: String(hour).padStart(2, "0"), error }));
  const days = Array.from(model.byWeekday[j], (error, day) => ({ group: WEEKDAYS[day], error }));
  return [
    bars("errors-by-hour", "Errors by hour", `hour of the day, UTC; ${ahead} ahead`, hours),
    bars("errors-by-weekday", "Errors by weekday", `weekday, UTC; ${ahead} ahead`, days),
  ];
}

function bars(
  name: string,
  title: string,
  axisTitle: string,
  groups: readonly { readonly group: string; readonly error: number }[],
): Chart {
  const values = groups
    .filter(({ error }) => Number.isFinite(error))
    .map((one) => ({ ...one, error: chartNumber(one.error) }));
  return {
    name,
    title,
    caption: "Mean absolute error of the median, in requests a bin.",
    description: `${title}: ${values.map(({ group, error }) => `${group} ${error}`).join(", ")}.`,
    spec: {
      height: 200,
      data: { values },
      mark: { type: "bar", color: FORECAST_COLOUR },
      encoding: {
        x: { field: "group", type: "ordinal", sort: null, axis: { title: axisTitle, labelAngle: 0 } },
        y: { field: "error", type: "quantitative", axis: { title: "mean absolute error", format: ",~r" } },
      },
    },
  };
}
