import type { ArrivalOutlook } from "../../ports/policy.js";
import { formatNumber } from "../../report/numbers.js";
import { Figure } from "../../world/watch/sample.js";
import type { Area, Cells } from "../cells/cells.js";
import { Bold, Colour, Dim } from "../cells/style.js";
import { ALL_POOLS, type RunHistory } from "../history/run-history.js";
import { linearLabels, roundUp, TimeChart } from "./axis.js";
import { emptyBox, type Span, titled } from "./box.js";
import { type Scene, shownSide } from "./scene.js";

const HOUR_MS = 3_600_000;
/** The band of the fan. */
const LOW = 0.1;
const HIGH = 0.9;

/**
 * The forecast of arrivals for the next hour, per second, with the hour before and the actual
 * arrivals.
 */
export function forecastView(cells: Cells, area: Area, scene: Scene): void {
  const side = shownSide(scene);
  const { cursorMs, pool } = scene.ui;
  const fan = fanAt(side, pool, cursorMs);
  const inner = titled(cells, area, "5", "arrivals, next hour", legends(fan));
  if (fan === undefined) {
    emptyBox(cells, inner, `${side.facts.policy} has made no forecast ${side.length === 0 ? "yet" : "here"}`);
    return;
  }
  if (inner.height < 2 || inner.width < 14) return;
  const window = { fromMs: Math.max(0, fan.fromMs - HOUR_MS), toMs: fan.fromMs + HOUR_MS };
  const drawnFor = (most: number): TimeChart => new TimeChart(cells, inner, window, (value) => 1 - value / most);
  const came = arrivalsPerSecond(side, pool, drawnFor(1));
  const most = roundUp(Math.max(0.01, ...fan.high, ...Array.from(came, (value) => (Number.isNaN(value) ? 0 : value))));
  const drawn = drawnFor(most);
  drawn.area(came, Colour.cyan);
  const along = (values: Float64Array): Float64Array => {
    const line = new Float64Array(drawn.plot.width).fill(Number.NaN);
    for (let x = 0; x < line.length; x++) {
      const atMs = window.fromMs + ((x + 0.5) / line.length) * (window.toMs - window.fromMs);
      const bin = Math.floor((atMs - fan.fromMs) / fan.binMs);
      if (bin >= 0 && bin < values.length) line[x] = values[bin];
    }
    return line;
  };
  drawn.line(along(fan.low), Colour.plain, 3);
  drawn.line(along(fan.high), Colour.plain, 3);
  drawn.line(along(fan.mean), Colour.yellow | Bold);
  drawn.finish(
    linearLabels(most).map(([value]) => [value, `${formatNumber(value, 2)}/s`]),
    side,
    cursorMs,
  );
}

/** The title of a summed band states that it is not the band of the sum. */
function legends(fan: Fan | undefined): readonly (readonly Span[])[] {
  const isSum = fan !== undefined && fan.pools > 1;
  const [long, short] = isSum ? ["10–90 % of each pool, added", "pools' bands added"] : ["10–90 %", "10–90 %"];
  const [came, expected]: readonly Span[] = [
    ["⣿ came", Colour.cyan],
    ["  ─ expected", Colour.yellow],
  ];
  return [[came, expected, [`  ┄ ${long}`, Dim]], [came, expected, [`  ┄ ${short}`, Dim]], [[`┄ ${short}`, Dim]]];
}

interface Fan {
  /** How many pools' forecasts it is the sum of. */
  readonly pools: number;
  readonly fromMs: number;
  readonly binMs: number;
  /** Per second; Float64Array[bins] each. */
  readonly mean: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/**
 * The forecast in force at an instant. For several pools their means and bands are added. The sum
 * of the bands is exact only if the errors of all pools are fully correlated; otherwise it is too
 * wide. Root sums of squares would be too narrow, since pools that share a demand have correlated
 * errors.
 */
function fanAt(side: RunHistory, pool: number, atMs: number): Fan | undefined {
  const sample = side.at(atMs);
  const outlooks = sample?.outlooks ?? [];
  const own = pool === ALL_POOLS ? outlooks : [outlooks[pool]];
  const known = own.filter((one): one is ArrivalOutlook => one !== undefined);
  if (known.length === 0 || known.length < own.length) return undefined;
  const [{ fromMs, binMs, forecast }] = known;
  const sum = (of: (outlook: ArrivalOutlook) => Float64Array): Float64Array =>
    forecast.mean.map((_, bin) => (known.reduce((total, one) => total + (of(one)[bin] ?? 0), 0) * 1000) / binMs);
  return {
    pools: known.length,
    fromMs,
    binMs,
    mean: sum((one) => one.forecast.mean),
    low: sum((one) => quantile(one, LOW)),
    high: sum((one) => quantile(one, HIGH)),
  };
}

/** The row of a level, or of the next one outwards. */
function quantile({ forecast }: ArrivalOutlook, level: number): Float64Array {
  const { levels, quantiles, mean } = forecast;
  let nearest = -1;
  levels.forEach((one, k) => {
    if (nearest < 0 || Math.abs(one - level) < Math.abs(levels[nearest] - level)) nearest = k;
  });
  return nearest < 0 ? mean : quantiles[nearest];
}

/** Actual arrivals by dot column, including those after the cursor if they are known. */
function arrivalsPerSecond(side: RunHistory, pool: number, drawn: TimeChart): Float64Array {
  const values = new Float64Array(drawn.plot.width).fill(Number.NaN);
  for (let x = 0; x < values.length; x++) {
    const [from, to] = drawn.bins(side, x, side.length);
    if (to > from) values[x] = side.count(Figure.arrivals, pool, from, to) / (((to - from) * side.binMs) / 1000);
  }
  return values;
}
