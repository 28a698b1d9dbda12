import { type DrawnChart, plotOffset, settle } from "./drawn-chart.js";
import { timeTicks } from "./time-ticks.js";

/** The shortest selectable range (ms): of a day one point, and that of a run of seconds. */
const LEAST_RANGE_MS = 60_000;
const LEAST_SHARE = 1 / 20;

/** Instants of the page's time charts, ms since 1970. */
export interface Range {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The range and the zone of all charts over time: they move together. */
export class TimeRange {
  private readonly charts: DrawnChart[] = [];
  /** What the reader selected; undefined shows each chart as it was made. */
  private selected: Range | undefined;
  zone: "utc" | "local" = "utc";

  constructor(private readonly onChange: () => void) {}

  get isSelected(): boolean {
    return this.selected !== undefined;
  }

  /** Whether a chart has a time axis. */
  static has({ signals }: DrawnChart): boolean {
    return signals.has("tFrom");
  }

  add(chart: DrawnChart): void {
    this.charts.push(chart);
    this.apply(chart);
  }

  /** What a chart shows now. */
  static shownBy({ view }: DrawnChart): Range {
    return { fromMs: view.signal("tFrom") as number, toMs: view.signal("tTo") as number };
  }

  /** Selects a range in all charts, within the run. */
  select({ fromMs, toMs }: Range): void {
    if (toMs - fromMs < this.leastMs()) return;
    this.selected = { fromMs, toMs };
    this.applyAll();
  }

  /** A minute; of a run that is shorter than 20 minutes, a twentieth. */
  private leastMs(): number {
    const [chart] = this.charts;
    if (chart === undefined) return LEAST_RANGE_MS;
    const { fromMs, toMs } = runOf(chart);
    return Math.min(LEAST_RANGE_MS, (toMs - fromMs) * LEAST_SHARE);
  }

  /** Restores the range that the charts had at first. */
  reset(): void {
    this.selected = undefined;
    this.applyAll();
  }

  /** Shows the whole run, warm-up included. */
  showWholeRun(): void {
    this.select({ fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY });
  }

  useZone(zone: "utc" | "local"): void {
    this.zone = zone;
    this.applyAll();
  }

  /** Moves (`share` of the range) or scales (`factor`) what a chart shows, for keys. */
  shift(chart: DrawnChart, share: number, factor: number): void {
    const { fromMs, toMs } = TimeRange.shownBy(chart);
    const run = runOf(chart);
    const half = ((toMs - fromMs) / 2) * factor;
    const wished = (fromMs + toMs) / 2 + (toMs - fromMs) * share;
    // At the ends of the run the range stays as long as it is.
    const middle = Math.max(run.fromMs + half, Math.min(run.toMs - half, wished));
    this.select({ fromMs: middle - half, toMs: middle + half });
  }

  private applyAll(): void {
    for (const chart of this.charts) this.apply(chart);
    this.onChange();
  }

  private apply(chart: DrawnChart): void {
    const { view, signals } = chart;
    const { fromMs: start, toMs: end } = runOf(chart);
    const initial = { fromMs: signals.get("tFrom") as number, toMs: signals.get("tTo") as number };
    const { fromMs, toMs } = this.selected ?? initial;
    const within = { fromMs: Math.max(start, fromMs), toMs: Math.min(end, toMs) };
    // A range that the chart does not have leaves it as it was made.
    const shown = within.fromMs < within.toMs ? within : initial;
    const ticks = timeTicks(shown.fromMs, shown.toMs, start);
    view.signal("tFrom", shown.fromMs).signal("tTo", shown.toMs);
    view.signal("ticks", ticks.values).signal("tickStep", ticks.stepMs).signal("zone", this.zone);
    settle(chart);
  }

  /** The instant below a horizontal place of a chart (px from its left edge). */
  static instantAt(chart: DrawnChart, x: number): number {
    const { fromMs, toMs } = TimeRange.shownBy(chart);
    const width = chart.view.signal("width") as number;
    const share = Math.min(1, Math.max(0, (x - plotOffset(chart)[0]) / width));
    return fromMs + share * (toMs - fromMs);
  }

  /** The horizontal place of an instant (px from the left edge); undefined outside the range. */
  static placeOf(chart: DrawnChart, atMs: number): number | undefined {
    const { fromMs, toMs } = TimeRange.shownBy(chart);
    if (atMs < fromMs || atMs > toMs) return undefined;
    return plotOffset(chart)[0] + ((chart.view.signal("width") as number) * (atMs - fromMs)) / (toMs - fromMs);
  }
}

/** The whole run of a chart. */
function runOf({ signals }: DrawnChart): Range {
  return { fromMs: signals.get("runStart") as number, toMs: signals.get("runEnd") as number };
}
