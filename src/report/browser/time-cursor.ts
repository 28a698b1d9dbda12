import type { Item } from "vega";
import type { ChartTooltip } from "./chart-tooltip.js";
import { type DrawnChart, plotOffset } from "./drawn-chart.js";
import { TimeRange } from "./time-range.js";

/** A pointer that moved less than this was a click, not a selection (px). */
const LEAST_DRAG_PX = 6;
/** Arrow keys move the cursor by this share of the range. */
const KEY_STEP = 1 / 96;

interface Lines {
  readonly cursor: HTMLElement;
  readonly brush: HTMLElement;
}

/** The common cursor of all charts over time, and the selection of a range with pointer or keys. */
export class TimeCursor {
  private readonly charts = new Map<DrawnChart, Lines>();
  private atMs: number | undefined;

  constructor(
    private readonly range: TimeRange,
    private readonly tooltip: ChartTooltip,
  ) {}

  add(chart: DrawnChart): void {
    const { place } = chart;
    const lines = { cursor: overlay(place, "cursor"), brush: overlay(place, "brush") };
    this.charts.set(chart, lines);
    place.tabIndex = 0;
    place.classList.add("time");
    place.addEventListener("pointermove", (event) => this.moveTo(TimeRange.instantAt(chart, localX(place, event))));
    place.addEventListener("pointerleave", () => this.moveTo(undefined));
    place.addEventListener("keydown", (event) => this.onKey(chart, event));
    place.addEventListener("blur", () => this.leave());
    place.addEventListener("dblclick", () => this.range.reset());
    this.letSelect(chart, lines);
  }

  /** Puts the cursor at an instant in every chart; undefined takes it away. */
  private moveTo(atMs: number | undefined): void {
    this.atMs = atMs;
    for (const [chart, { cursor }] of this.charts) {
      const x = atMs === undefined ? undefined : TimeRange.placeOf(chart, atMs);
      cursor.hidden = x === undefined;
      if (x === undefined) continue;
      span(chart, cursor, x, 1);
    }
  }

  private leave(): void {
    this.moveTo(undefined);
    this.tooltip.hide();
  }

  private letSelect(chart: DrawnChart, { brush }: Lines): void {
    const { place } = chart;
    let startX: number | undefined;
    place.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || event.pointerType === "touch") return;
      startX = localX(place, event);
      place.setPointerCapture(event.pointerId);
    });
    place.addEventListener("pointermove", (event) => {
      if (startX === undefined) return;
      const x = localX(place, event);
      brush.hidden = Math.abs(x - startX) < LEAST_DRAG_PX;
      span(chart, brush, Math.min(x, startX), Math.abs(x - startX));
    });
    place.addEventListener("pointerup", (event) => {
      if (startX === undefined) return;
      const ends = [startX, localX(place, event)].sort((a, b) => a - b);
      startX = undefined;
      brush.hidden = true;
      if (ends[1] - ends[0] < LEAST_DRAG_PX) return;
      const [fromMs, toMs] = ends.map((x) => TimeRange.instantAt(chart, x));
      this.range.select({ fromMs, toMs });
    });
    place.addEventListener("pointercancel", () => {
      startX = undefined;
      brush.hidden = true;
    });
  }

  private onKey(chart: DrawnChart, event: KeyboardEvent): void {
    const move = this.keyAction(chart, event);
    if (move === undefined) return;
    event.preventDefault();
    move();
  }

  private keyAction(chart: DrawnChart, { key, shiftKey }: KeyboardEvent): (() => void) | undefined {
    if (key === "+" || key === "=") return () => this.range.shift(chart, 0, 0.5);
    if (key === "-") return () => this.range.shift(chart, 0, 2);
    if (key === "0" || key === "Escape") return () => this.range.reset();
    if (key !== "ArrowLeft" && key !== "ArrowRight") return undefined;
    const sign = key === "ArrowLeft" ? -1 : 1;
    return shiftKey ? () => this.range.shift(chart, sign / 4, 1) : () => this.step(chart, sign);
  }

  /** Moves the cursor by a step and announces the chart's values there. */
  private step(chart: DrawnChart, sign: number): void {
    const { fromMs, toMs } = TimeRange.shownBy(chart);
    const from = this.atMs ?? (sign > 0 ? fromMs : toMs);
    const atMs = Math.min(toMs, Math.max(fromMs, from + sign * (toMs - fromMs) * KEY_STEP));
    this.moveTo(atMs);
    const x = TimeRange.placeOf(chart, atMs) ?? 0;
    const box = chart.place.getBoundingClientRect();
    this.tooltip.show(tooltipNear(chart, x - plotOffset(chart)[0]), box.left + x, box.top + 8);
  }
}

function overlay(place: HTMLElement, className: string): HTMLElement {
  const line = document.createElement("div");
  line.className = className;
  line.hidden = true;
  place.append(line);
  return line;
}

/** Places an overlay over the plot: from `x` on, `width` wide, as high as the plot (px). */
function span(chart: DrawnChart, line: HTMLElement, x: number, width: number): void {
  line.style.left = `${x}px`;
  line.style.width = `${width}px`;
  line.style.top = `${plotOffset(chart)[1]}px`;
  line.style.height = `${chart.view.signal("height") as number}px`;
}

function localX(place: HTMLElement, event: PointerEvent): number {
  return event.clientX - place.getBoundingClientRect().left;
}

interface Scene {
  readonly marktype?: string;
  readonly items?: readonly (Item & Scene & { x?: number; tooltip?: unknown })[];
}

/** The tooltip of the invisible rule nearest to a place of the plot (px). */
function tooltipNear({ view }: DrawnChart, x: number): unknown {
  let best: { distance: number; tooltip: unknown } | undefined;
  const visit = (scene: Scene): void => {
    for (const item of scene.items ?? []) {
      if (scene.marktype === "rule" && item.tooltip !== undefined && item.x !== undefined) {
        const distance = Math.abs(item.x - x);
        if (best === undefined || distance < best.distance) best = { distance, tooltip: item.tooltip };
      } else if (item.items !== undefined) visit(item as Scene);
    }
  };
  visit((view.scenegraph() as unknown as { root: Scene }).root);
  return best?.tooltip;
}
