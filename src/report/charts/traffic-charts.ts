import type { Inspection } from "../../traffic/inspect.js";
import type { TimeGrid } from "../bands.js";
import type { Chart } from "../chart.js";
import { BASELINE_COLOUR, EVENT_COLOUR, INK, SERIES_COLOURS } from "../chart-theme.js";
import { chartNumber } from "../numbers.js";
import { hoverLayer, LINE_NAME, legendColumns, named, tooltipOf } from "./hover.js";
import { instantRow, timeChartSpec } from "./time-axis.js";

const MOST_POINTS = 720;
const DAY_MS = 86_400_000;

type Spec = Readonly<Record<string, unknown>>;

const KINDS = ["mean of the bins", "expected from season, day and trend"];
const KIND_COLOURS = [SERIES_COLOURS[0], INK.demand];

/**
 * Counts as a rate over time, the rate expected from the season, and the peaks of flash crowds.
 */
export function rateChart({ total, parts, crowds }: Inspection): Chart {
  const { startMs, binMs, values } = total;
  const perPoint = Math.max(1, Math.ceil(values.length / MOST_POINTS));
  const points = ratePoints(values, parts.expected, { startMs, binMs, perPoint });
  const peaks = crowds.map((crowd) => ({
    t: startMs + (crowd.peakBin + 0.5) * binMs,
    rate: chartNumber((values[crowd.peakBin] * 1000) / binMs),
  }));
  const isGapped = values.some((value) => Number.isNaN(value));
  const endMs = startMs + values.length * binMs;
  const grid = { binMs, binsPerPoint: perPoint, points: points.length, bins: values.length, startMs, endMs };
  return {
    name: "rate",
    title: "Requests over time",
    caption:
      "Grey: up to the highest bin within each " +
      `point.${isGapped ? " Gaps are unknown." : ""}${peaks.length > 0 ? " Amber: peaks of flash crowds." : ""}`,
    description: `Requests per second over time; ${crowds.length} flash crowds are marked.`,
    columns: new Map([
      ["t", "time"],
      ["mean", "mean rate, per second"],
      ["high", "highest bin, per second"],
      ["expected", "expected, per second"],
    ]),
    spec: timeChartSpec({ grid, warmupMs: 0, height: 240, data: { values: points }, layers: rateLayers(peaks, grid) }),
  };
}

interface PointsOf {
  readonly startMs: number;
  readonly binMs: number;
  readonly perPoint: number;
}

function ratePoints(counts: Float64Array, expected: Float64Array, { startMs, binMs, perPoint }: PointsOf): Spec[] {
  const perSecond = 1000 / binMs;
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const points: Spec[] = [];
  for (let from = 0; from < counts.length; from += perPoint) {
    const to = Math.min(counts.length, from + perPoint);
    const known = Array.from(counts.subarray(from, to)).filter((value) => !Number.isNaN(value));
    points.push({
      t: startMs + ((from + to) / 2) * binMs,
      mean: known.length === 0 ? null : chartNumber((sum(known) / known.length) * perSecond),
      high: known.length === 0 ? null : chartNumber(Math.max(...known) * perSecond),
      expected: chartNumber((sum(Array.from(expected.subarray(from, to))) / (to - from)) * perSecond),
    });
  }
  return points;
}

function rateLayers(peaks: readonly Spec[], grid: TimeGrid): Spec[] {
  const y = (field: string): Spec => ({
    field,
    type: "quantitative",
    axis: { title: "requests per second", format: ",~g" },
  });
  const scale = { domain: KINDS, range: KIND_COLOURS };
  const line = (field: string, kind: string): Spec => ({
    transform: [named(kind)],
    mark: { type: "line", ...(field === "expected" ? { strokeDash: [5, 3], strokeWidth: 1.1 } : {}) },
    encoding: {
      y: y(field),
      color: { field: LINE_NAME, type: "nominal", scale, legend: { columns: legendColumns(KINDS) } },
    },
  });
  return [
    {
      mark: { type: "area", color: INK.rule, opacity: 0.6 },
      encoding: { y: y("high"), y2: { field: "mean" } },
    },
    line("mean", KINDS[0]),
    line("expected", KINDS[1]),
    {
      data: { values: peaks },
      mark: { type: "point", color: EVENT_COLOUR, filled: true, size: 60, opacity: 1 },
      encoding: { y: y("rate") },
    },
    hoverLayer(
      [
        instantRow(),
        { title: KINDS[0], text: "isValid(datum.mean) ? format(datum.mean, ',.4~r') + ' /s' : 'unknown'" },
        { title: "expected", text: "format(datum.expected, ',.4~r') + ' /s'" },
      ],
      grid,
    ),
  ];
}

/** Mean rate by hour of the day, weekdays against weekends. */
export function hourChart({ total, parts }: Inspection): Chart {
  const kinds = ["Monday to Friday", "Saturday and Sunday"];
  const values = Array.from(parts.profile, (level, hour) => ({
    hour: (hour % 24) + 0.5,
    rate: chartNumber((level * 1000) / total.binMs),
    kind: kinds[hour < 24 ? 0 : 1],
  }));
  return {
    name: "hours",
    title: "By hour of the day",
    caption: "Flash crowds left out.",
    description: "Requests per second by hour of the day in UTC, weekdays and weekends.",
    spec: {
      height: 200,
      data: { values },
      mark: { type: "line", point: true },
      encoding: {
        x: {
          field: "hour",
          type: "quantitative",
          scale: { domain: [0, 24] },
          axis: { title: "hour of the day (UTC)", values: [0, 3, 6, 9, 12, 15, 18, 21, 24] },
        },
        y: { field: "rate", type: "quantitative", axis: { title: "requests per second", format: ",~g" } },
        color: {
          field: "kind",
          type: "nominal",
          scale: { domain: kinds, range: KIND_COLOURS },
        },
      },
    },
  };
}

/** The level of each day against its profile and the trend, with lasting shifts. */
export function dayChart({ parts, changePoints }: Inspection): Chart {
  const dayAt = (day: number): number => (parts.firstDay + day + 0.5) * DAY_MS;
  const values = Array.from(parts.dayLevels, (level, day) => ({
    t: dayAt(day),
    level: chartNumber(100 * (Math.exp(level) - 1)),
  })).filter((point) => Number.isFinite(point.level));
  const startMs = parts.firstDay * DAY_MS;
  const grid = {
    binMs: DAY_MS,
    binsPerPoint: 1,
    points: values.length,
    bins: parts.dayLevels.length,
    startMs,
    endMs: startMs + parts.dayLevels.length * DAY_MS,
  };
  return {
    name: "days",
    title: "Level of each day",
    caption: "Compared with the value expected from the kind of day and the trend. Lines: lasting shifts of the level.",
    description: `The level of each day in per cent; ${changePoints.length} lasting shifts.`,
    columns: new Map([
      ["t", "day"],
      ["level", "level, per cent above the expected"],
    ]),
    spec: timeChartSpec({
      grid,
      warmupMs: 0,
      height: 200,
      layers: dayLayers(
        values,
        changePoints.map(({ day }) => dayAt(day) - DAY_MS / 2),
      ),
    }),
  };
}

function dayLayers(values: readonly Spec[], shiftsAtMs: readonly number[]): Spec[] {
  const tooltip = tooltipOf([instantRow(), { title: "against expected", text: "format(datum.level, '+.2~f') + ' %'" }]);
  return [
    {
      data: { values: shiftsAtMs.map((t) => ({ t })) },
      mark: { type: "rule", color: EVENT_COLOUR, strokeWidth: 2 },
    },
    {
      data: { values },
      mark: { type: "bar", color: BASELINE_COLOUR, size: 5, tooltip: { expr: tooltip } },
      encoding: { y: { field: "level", type: "quantitative", axis: { title: "day against expected (%)" } } },
    },
  ];
}

/** How far off the simplest forecasts are, by lead. */
export function errorChart({ errors }: Inspection): Chart {
  const kinds = ["last value", "same time yesterday", "same time last week", "Poisson floor"];
  const values = errors.flatMap((error) =>
    [error.lastValue, error.sameTimeYesterday, error.sameTimeLastWeek, error.floor].map((value, i) => ({
      lead: error.lead,
      kind: kinds[i],
      error: Number.isNaN(value) ? null : chartNumber(100 * value),
    })),
  );
  return {
    name: "errors",
    title: "How far off the simplest forecasts are",
    caption: "Mean absolute error in per cent of the mean. No forecast can be below the Poisson floor.",
    description: "Mean absolute error of last value, same time yesterday and same time last week, by lead.",
    spec: {
      height: 200,
      data: { values },
      mark: { type: "bar" },
      encoding: {
        x: {
          field: "lead",
          type: "nominal",
          sort: errors.map((error) => error.lead),
          axis: { title: "lead", labelAngle: 0 },
        },
        xOffset: { field: "kind", sort: kinds },
        y: { field: "error", type: "quantitative", axis: { title: "error (% of the mean)" } },
        color: {
          field: "kind",
          type: "nominal",
          scale: { domain: kinds, range: [SERIES_COLOURS[0], SERIES_COLOURS[1], SERIES_COLOURS[2], INK.rule] },
          legend: { columns: 2 },
        },
      },
    },
  };
}
