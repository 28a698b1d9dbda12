import type { Area } from "../cells/cells.js";
import { BOXES, type BoxName, type UiState } from "../state/ui-state.js";

/** From this width on a row has three boxes. */
const WIDE = 120;
/** Below this width a row has one: half of it has no room for a table. */
const NARROW = 60;
/** From this height on all boxes are shown unless the user chose. */
const HIGH = 40;
const LEAST_ROWS = 4;

const NARROW_ROWS: readonly (readonly BoxName[])[] = [
  ["demand"],
  ["streamlets", "forecast"],
  ["latency", "pools"],
  ["decisions", "losses"],
];
/** The first ones stay where the height is short. */
const SINGLE_ROWS: readonly (readonly BoxName[])[] = [
  ["demand"],
  ["latency"],
  ["pools"],
  ["decisions"],
  ["losses"],
  ["streamlets"],
  ["forecast"],
];
const WIDE_ROWS: readonly (readonly BoxName[])[] = [
  ["demand", "streamlets"],
  ["latency", "forecast", "pools"],
  ["decisions", "losses"],
];
/** What 80 × 24 has room for, unless the user chose. */
const FEW: readonly BoxName[] = ["demand", "latency", "pools", "decisions", "losses"];

/** Boxes by weight: how much of the height a row gets, and of the width a box. */
const HEIGHT: Readonly<Record<BoxName, number>> = {
  demand: 3,
  streamlets: 3,
  forecast: 2,
  latency: 2,
  pools: 2,
  decisions: 2,
  losses: 2,
};
const WIDTH: Readonly<Record<BoxName, number>> = {
  demand: 5,
  streamlets: 3,
  forecast: 3,
  latency: 3,
  pools: 3,
  decisions: 4,
  losses: 3,
};

/** The boxes that a user sees at this size before choosing any. */
export function usualBoxes(width: number, height: number): readonly BoxName[] {
  return width >= WIDE || height >= HIGH ? BOXES : FEW;
}

interface PlacedBox {
  readonly name: BoxName;
  readonly area: Area;
}

export interface Layout {
  readonly boxes: readonly PlacedBox[];
  /** Boxes that were asked for and do not fit. */
  readonly hidden: readonly BoxName[];
}

/**
 * Places the chosen boxes in rows over an area. If the height is short, the last rows are left
 * out. `charts` is the number of demand charts one below the other; they get more height.
 */
export function layoutOf(area: Area, { boxes, zoomed }: Pick<UiState, "boxes" | "zoomed">, charts: number): Layout {
  if (zoomed !== undefined) return { boxes: [{ name: zoomed, area }], hidden: [] };
  const wanted = boxes ?? usualBoxes(area.width, area.height + 2);
  const rows = (area.width >= WIDE ? WIDE_ROWS : area.width < NARROW ? SINGLE_ROWS : NARROW_ROWS)
    .map((row) => row.filter((name) => wanted.includes(name)))
    .filter((row) => row.length > 0);
  const most = Math.max(1, Math.floor(area.height / LEAST_ROWS));
  const shown = rows.slice(0, most);
  const heights = shares(
    area.height,
    shown.map((row) => Math.max(...row.map((name) => HEIGHT[name] * (name === "demand" ? charts : 1)))),
  );
  let { y } = area;
  const placed = shown.flatMap((row, r) => {
    const widths = shares(
      area.width - (row.length - 1),
      row.map((name) => WIDTH[name]),
    );
    let { x } = area;
    const inRow = row.map((name, i) => {
      const box = { name, area: { x, y, width: widths[i], height: heights[r] } };
      x += widths[i] + 1;
      return box;
    });
    y += heights[r];
    return inRow;
  });
  return { boxes: placed, hidden: rows.slice(most).flat() };
}

/** Whole parts of a total in proportion to weights; they add up to it. */
function shares(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  let [used, weighed] = [0, 0];
  return weights.map((weight) => {
    weighed += weight;
    const part = Math.round((total * weighed) / sum) - used;
    used += part;
    return part;
  });
}
