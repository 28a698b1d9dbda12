import { CellState, type StreamletPlaces } from "../../world/watch/sample.js";
import type { Area, Cells } from "../cells/cells.js";
import { Bold, Colour, Dim, Inverse, type Style } from "../cells/style.js";
import { ALL_POOLS } from "../history/run-history.js";
import { emptyBox, type Span, titled } from "./box.js";
import { type Scene, sampleAtCursor, shownSide } from "./scene.js";

/** By fill in eighths: an empty streamlet is a dot. */
const FILLS = "·▁▂▃▄▅▆▇█";
const LOOKS: Readonly<Record<number, readonly [char: string | undefined, style: Style]>> = {
  [CellState.none]: [" ", Colour.plain],
  [CellState.spawning]: ["+", Colour.yellow],
  [CellState.ready]: [undefined, Colour.green],
  [CellState.draining]: ["x", Colour.magenta],
  [CellState.parked]: ["o", Colour.blue],
};

/**
 * Each streamlet as one sign, by state and fill, pool after pool. It keeps its place for as long as
 * it lives. Where there are more than cells, one sign stands for several neighbours.
 */
export function streamletsView(cells: Cells, area: Area, scene: Scene): void {
  const sample = sampleAtCursor(scene);
  const { pools } = shownSide(scene).facts;
  const shown = pools.flatMap((_, pool) => (scene.ui.pool === ALL_POOLS || scene.ui.pool === pool ? [pool] : []));
  const rows = Math.max(0, area.height - 1);
  const width = Math.max(1, area.width - 2);
  const lists = shown.map((pool) => sample?.streamlets[pool].cells ?? new Uint8Array(0));
  const each = signsPerCell(lists, rows, width);
  const inner = titled(cells, area, "3", "streamlets", legends(each));
  if (lists.every((list) => list.length === 0)) {
    emptyBox(cells, inner, "no streamlet yet");
    return;
  }
  let y = inner.y;
  lists.forEach((list, i) => {
    if (list.length === 0 || y >= inner.y + inner.height) return;
    const label = lists.length > 1 ? `${pools[shown[i]].name} ` : "";
    let x = cells.text(inner.x + 1, y, label, Dim, inner.x + 1 + Math.floor(width / 3));
    for (let place = 0; place < list.length; place += each) {
      if (x >= inner.x + 1 + width) {
        x = inner.x + 1;
        y++;
      }
      if (y >= inner.y + inner.height) return;
      const [char, style] = lookOf(list, place, each);
      cells.put(x, y, char, style | pointed(scene, shown[i], place, each));
      x++;
    }
    y++;
  });
}

function legends(each: number): readonly (readonly Span[])[] {
  const [fill, plus, cross]: readonly Span[] = [
    ["·▄█", Colour.green],
    ["+", Colour.yellow],
    ["x", Colour.magenta],
  ];
  const word = (text: string): Span => [text, Colour.plain];
  const scale: readonly Span[] = each > 1 ? [word(`  1 sign = ${each}`)] : [];
  return [
    [fill, word(" fill  "), plus, word(" spawning  "), cross, word(" draining"), ...scale],
    [fill, word(" fill "), plus, word(" spawn "), cross, word(" drain"), ...scale],
    scale,
  ];
}

/** The fewest streamlets per sign with which all fit. */
function signsPerCell(lists: readonly Uint8Array[], rows: number, width: number): number {
  for (let each = 1; ; each++) {
    let used = 0;
    for (const { length } of lists) used += Math.ceil((Math.ceil(length / each) + width / 3) / width);
    if (lists.length === 1) used = Math.ceil(Math.ceil(lists[0].length / each) / width);
    if (used <= rows || each > 1000) return each;
  }
}

/** One streamlet, or of several the commonest state and their mean fill. */
function lookOf(list: Uint8Array, from: number, each: number): readonly [string, Style] {
  const counts = [0, 0, 0, 0, 0];
  let fill = 0;
  for (let place = from; place < Math.min(list.length, from + each); place++) {
    const state = list[place] >> 4;
    counts[state]++;
    if (state === CellState.ready) fill += list[place] & 15;
  }
  let state: number = CellState.none;
  for (let one = 1; one < counts.length; one++)
    if (counts[one] > counts[state] || (state === CellState.none && counts[one] > 0)) state = one;
  const [char, style] = LOOKS[state];
  return [char ?? FILLS[Math.ceil(fill / counts[state])], style];
}

function pointed({ ui }: Scene, pool: number, place: number, each: number): Style {
  const { pointer } = ui;
  return pointer.pool === pool && pointer.place >= place && pointer.place < place + each
    ? Inverse | Bold
    : Colour.plain;
}

/** The id of a streamlet by its place; undefined at an empty place, or when the past is shown. */
export function streamletAt(places: StreamletPlaces | undefined, place: number): number | undefined {
  const id = places?.ids[place];
  return id === undefined || id < 0 ? undefined : id;
}
