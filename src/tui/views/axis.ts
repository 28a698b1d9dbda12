import { Braille } from "../cells/braille.js";
import type { Area, Cells } from "../cells/cells.js";
import { padLeft } from "../cells/char-width.js";
import { Colour, Dim, Inverse, type Style } from "../cells/style.js";
import type { RunHistory } from "../history/run-history.js";
import type { TimeWindow } from "./scene.js";
import { clock, shortCount } from "./words.js";

/** Columns of the numbers on the left. */
const SCALE_WIDTH = 6;
/** Cells between two times on the axis, at least. */
const TIME_SPACING = 14;

const TICKS_MS = [1, 2, 5, 10, 15, 30]
  .map((s) => s * 1000)
  .concat([1, 2, 5, 10, 15, 30].map((min) => min * 60_000))
  .concat([1, 2, 3, 6, 12, 24, 48, 96, 168].map((h) => h * 3_600_000));

/** A chart over time: dots in the middle, a scale on the left, times below. */
export class TimeChart {
  readonly plot: Braille;
  private readonly inner: Area;

  constructor(
    private readonly cells: Cells,
    area: Area,
    private readonly window: TimeWindow,
    /** The row of a value: 0 is the top, 1 the bottom. */
    private readonly place: (value: number) => number,
  ) {
    this.inner = {
      x: area.x + SCALE_WIDTH + 1,
      y: area.y,
      width: Math.max(1, area.width - SCALE_WIDTH - 1),
      height: Math.max(1, area.height - 1),
    };
    this.plot = new Braille(this.inner);
  }

  /** Dot column of an instant. */
  column(atMs: number): number {
    const { fromMs, toMs } = this.window;
    return Math.floor(((atMs - fromMs) / (toMs - fromMs)) * this.plot.width);
  }

  shows(atMs: number): boolean {
    return atMs >= this.window.fromMs && atMs < this.window.toMs;
  }

  /** Dot row of a value. */
  row(value: number): number {
    const { height } = this.plot;
    return Math.max(0, Math.min(height - 1, Math.round(this.place(value) * (height - 1))));
  }

  /** The bins of a history in a dot column, as [from, to); empty if unknown. */
  bins(history: RunHistory, column: number, untilBin: number): readonly [number, number] {
    const { fromMs, toMs } = this.window;
    const dotMs = (toMs - fromMs) / this.plot.width;
    const from = Math.max(0, Math.floor((fromMs + column * dotMs) / history.binMs + 1e-9));
    const to = Math.max(from + 1, Math.floor((fromMs + (column + 1) * dotMs) / history.binMs + 1e-9));
    return [Math.max(from, history.knownFrom), Math.min(to, untilBin)];
  }

  /** A line through values by dot column, NaN = a gap. One dot in `every` is drawn. */
  line(values: Float64Array, style: Style, every = 1): void {
    let before = Number.NaN;
    for (let x = 0; x < values.length; x++) {
      const value = values[x];
      if (!Number.isNaN(value)) {
        const to = this.row(value);
        const from = Number.isNaN(before) ? to : this.row(before);
        if (every === 1) this.plot.column(x, to, from > to ? Math.max(to, from - 1) : Math.min(to, from + 1), style);
        else if (x % every === 0) this.plot.dot(x, to, style);
      }
      before = value;
    }
  }

  /** Fills from the bottom up to the values. */
  area(values: Float64Array, style: Style): void {
    for (let x = 0; x < values.length; x++)
      if (!Number.isNaN(values[x])) this.plot.column(x, this.row(values[x]), this.plot.height - 1, style);
  }

  /** A dashed line over the whole width. */
  level(value: number, style: Style): void {
    const y = this.row(value);
    for (let x = 0; x < this.plot.width; x++) if (x % 6 < 3) this.plot.dot(x, y, style);
  }

  /** A mark in the last row of the chart, such as ▲ for a violation. */
  mark(atMs: number, char: string, style: Style, overTimes = false): void {
    const x = this.inner.x + (this.column(atMs) >> 1);
    if (x < this.inner.x || x >= this.inner.x + this.inner.width) return;
    const y = this.inner.y + this.inner.height;
    // Times stay readable.
    if (!overTimes && /[0-9:a-z]/.test(this.cells.chars[y * this.cells.width + x])) return;
    this.cells.put(x, y, char, style);
  }

  /** Puts the dots, the scale, the times and the cursor on the grid. `marks` go over the times. */
  finish(labels: readonly (readonly [value: number, text: string])[], history: RunHistory, cursorMs: number): void {
    const { cells, inner } = this;
    this.plot.draw(cells);
    const rows = new Set<number>();
    for (const [value, text] of labels) {
      const y = inner.y + Math.floor(this.row(value) / 4);
      if (rows.has(y)) continue;
      rows.add(y);
      cells.text(inner.x - SCALE_WIDTH - 1, y, padLeft(text, SCALE_WIDTH), Dim);
    }
    for (let y = inner.y; y < inner.y + inner.height; y++) cells.put(inner.x - 1, y, "│", Dim);
    this.times(history);
    const cursor = inner.x + (this.column(cursorMs) >> 1);
    const x = Math.min(inner.x + inner.width - 1, cursor);
    if (cursor >= inner.x && cursor <= inner.x + inner.width)
      cells.mark({ x, y: inner.y, width: 1, height: inner.height }, Inverse);
  }

  private times({ facts }: RunHistory): void {
    const { cells, inner, window } = this;
    const spanMs = window.toMs - window.fromMs;
    const wantedMs = (spanMs / inner.width) * TIME_SPACING;
    const tickMs = TICKS_MS.find((one) => one >= wantedMs) ?? Math.ceil(wantedMs / 86_400_000) * 86_400_000;
    const y = inner.y + inner.height;
    cells.put(inner.x - 1, y, "└", Dim);
    for (let x = inner.x; x < inner.x + inner.width; x++) cells.put(x, y, "─", Dim);
    const offsetMs = (((facts.epochMs + window.fromMs) % tickMs) + tickMs) % tickMs;
    for (let atMs = window.fromMs + ((tickMs - offsetMs) % tickMs); atMs < window.toMs; atMs += tickMs) {
      const x = inner.x + (this.column(atMs) >> 1);
      const text = clock(atMs, facts.epochMs, facts.durationMs);
      const shown = tickMs >= 60_000 ? text.slice(0, -3) : text;
      if (x + shown.length + 1 > inner.x + inner.width) break;
      cells.put(x, y, "┴", Dim);
      cells.text(x + 1, y, shown, Colour.plain);
    }
  }
}

/** A round number that is at least as large: 1, 1.5, 2, 3, 5, 8 times a power of ten. */
export function roundUp(value: number): number {
  if (!(value > 0)) return 1;
  let unit = 1;
  while (unit * 10 <= value) unit *= 10;
  while (unit > value) unit /= 10;
  return unit * ([1, 1.5, 2, 3, 5, 8, 10].find((step) => step * unit >= value * (1 - 1e-9)) ?? 10);
}

/** Labels of a scale from 0 to a round number. */
export function linearLabels(most: number): readonly (readonly [number, string])[] {
  return [
    [most, shortCount(most)],
    [most / 2, shortCount(most / 2)],
    [0, "0"],
  ];
}
