import { Figure } from "../../world/watch/sample.js";
import type { Area, Cells } from "../cells/cells.js";
import { Bold, Colour, Dim, type Style } from "../cells/style.js";
import { ALL_POOLS, figureOf, type RunHistory } from "../history/run-history.js";
import { linearLabels, roundUp, TimeChart } from "./axis.js";
import { type Span, titled } from "./box.js";
import { firstDivergence } from "./divergence.js";
import { type Scene, sampleAtCursor, shownSide, timeWindow } from "./scene.js";
import { shortCount } from "./words.js";

/**
 * A ceiling this many times as high as everything else is named, not drawn: it would flatten the
 * rest.
 */
const DRAWN_CEILING = 1.6;
/** Faults that are marked, per dot of the chart's width. */
const MOST_FAULT_MARKS = 0.1;
/** Below this width two runs are stacked. */
const SIDE_BY_SIDE_WIDTH = 100;

const demandStyles = {
  demand: Colour.cyan,
  ready: Colour.green,
  coming: Colour.yellow,
  draining: Colour.magenta,
  ceiling: Colour.red,
} as const satisfies Record<string, Style>;

/** Streams and the slots for them over time, one chart per run. All in streams. */
export function demandView(cells: Cells, area: Area, scene: Scene): void {
  const { sides } = scene;
  const inner = titled(cells, area, "1", titleOf(scene), legends(scene));
  if (sides.length === 1) {
    chart(cells, inner, scene, sides[0]);
    return;
  }
  const beside = inner.width >= SIDE_BY_SIDE_WIDTH;
  sides.forEach((side, i) => {
    const width = beside ? Math.floor((inner.width - 1) / 2) : inner.width;
    const height = beside ? inner.height : Math.floor(inner.height / 2);
    const part = { x: inner.x + (beside ? i * (width + 1) : 0), y: inner.y + (beside ? 0 : i * height), width, height };
    const style = Math.min(scene.ui.side, 1) === i ? Bold : Dim;
    cells.text(part.x + 8, part.y, side.facts.policy, style, part.x + part.width);
    chart(cells, { ...part, y: part.y + 1, height: part.height - 1 }, scene, side);
  });
}

/** How many demand charts are stacked at a width of the screen. */
export function stackedCharts({ sides }: Scene, width: number): number {
  return width >= SIDE_BY_SIDE_WIDTH ? 1 : sides.length;
}

function titleOf(scene: Scene): string {
  const { pools } = shownSide(scene).facts;
  const { pool } = scene.ui;
  return pool === ALL_POOLS ? "demand" : `demand of ${pools[pool].name}`;
}

/**
 * The names of the lines, with their values at the cursor: in full, shortened, or as numbers
 * alone.
 */
function legends(scene: Scene): readonly (readonly Span[])[] {
  const sample = sampleAtCursor(scene);
  const { pool } = scene.ui;
  const slots = (figure: Figure): string =>
    shortCount(slotsOf(shownSide(scene), pool, (one) => figureOf(sample, figure, one)));
  const wanted = shortCount(figureOf(sample, Figure.open, pool) + figureOf(sample, Figure.waiting, pool));
  const [ready, spawning, draining] = [Figure.ready, Figure.spawning, Figure.draining].map(slots);
  const ceiling = ceilingText(shownSide(scene), pool);
  const { demand, ready: readyStyle, coming, draining: drainingStyle, ceiling: ceilingStyle } = demandStyles;
  return [
    [
      [`⣿ wanted ${wanted}`, demand],
      [` ─ ready ${ready}`, readyStyle],
      [` ┄ +spawning ${spawning}`, coming],
      [` ⋯ draining ${draining}`, drainingStyle],
      [` ╌ ceiling ${ceiling}`, ceilingStyle],
    ],
    [
      [`⣿ wanted ${wanted}`, demand],
      [` ─ ready ${ready}`, readyStyle],
      [` ┄ +${spawning}`, coming],
      [` ⋯ ${draining}`, drainingStyle],
      [` ╌ ceiling ${ceiling}`, ceilingStyle],
    ],
    [
      [`⣿ ${wanted}`, demand],
      [` ─ ${ready}`, readyStyle],
      [` ╌ ${ceiling}`, ceilingStyle],
    ],
  ];
}

function ceilingText(side: RunHistory, pool: number): string {
  const ceiling = ceilingOf(side, pool);
  return ceiling === Number.POSITIVE_INFINITY ? "none" : shortCount(ceiling);
}

function chart(cells: Cells, area: Area, scene: Scene, side: RunHistory): void {
  if (area.height < 2 || area.width < 12) return;
  const { cursorMs, pool } = scene.ui;
  const window = timeWindow(scene);
  const most = roundUp(highest(scene, pool));
  const drawn = new TimeChart(cells, area, window, (value) => 1 - value / most);
  const until = side.binsUntil(cursorMs);
  const lines = linesOf(drawn, side, pool, until);
  const ceiling = ceilingOf(side, pool);
  if (ceiling <= most) drawn.level(ceiling, demandStyles.ceiling);
  drawn.area(lines.wanted, demandStyles.demand);
  drawn.line(lines.draining, demandStyles.draining, 4);
  drawn.line(lines.coming, demandStyles.coming, 2);
  drawn.line(lines.ready, demandStyles.ready);
  drawn.finish(linearLabels(most), side, cursorMs);
  markFaults(drawn, side, cursorMs);
  for (const minute of side.violationsUntil(cursorMs)) drawn.mark(minute * 60_000, "▲", Colour.red | Bold);
  const parted = firstDivergence(scene.sides);
  if (parted !== undefined && parted.atMs <= cursorMs) drawn.mark(parted.atMs, "◆", Colour.yellow | Bold, true);
}

/** If faults would cover the axis, only their own box shows them. */
function markFaults(drawn: TimeChart, side: RunHistory, cursorMs: number): void {
  const inView = side.faults.filter(({ atMs }) => atMs <= cursorMs && drawn.shows(atMs));
  if (inView.length > drawn.plot.width * MOST_FAULT_MARKS) return;
  for (const { atMs } of inView) drawn.mark(atMs, "×", Colour.magenta);
}

interface Lines {
  readonly wanted: Float64Array;
  readonly ready: Float64Array;
  readonly coming: Float64Array;
  readonly draining: Float64Array;
}

/**
 * For the bins of a dot the most streams and the fewest ready slots: no shortage is averaged
 * away.
 */
function linesOf(drawn: TimeChart, side: RunHistory, pool: number, until: number): Lines {
  const { width } = drawn.plot;
  const column = (): Float64Array => new Float64Array(width).fill(Number.NaN);
  const lines = { wanted: column(), ready: column(), coming: column(), draining: column() };
  for (let x = 0; x < width; x++) {
    const [from, to] = drawn.bins(side, x, until);
    for (let bin = from; bin < to; bin++) {
      const slots = (figure: Figure): number => slotsOf(side, pool, (p) => side.level(figure, p, bin));
      const ready = slots(Figure.ready);
      const wanted = side.level(Figure.open, pool, bin) + side.level(Figure.waiting, pool, bin);
      lines.wanted[x] = larger(lines.wanted[x], wanted);
      lines.ready[x] = Number.isNaN(lines.ready[x]) ? ready : Math.min(lines.ready[x], ready);
      const spawning = slots(Figure.spawning);
      if (spawning > 0) lines.coming[x] = larger(lines.coming[x], ready + spawning);
      const draining = slots(Figure.draining);
      if (draining > 0) lines.draining[x] = larger(lines.draining[x], draining);
    }
  }
  return lines;
}

function larger(known: number, value: number): number {
  return Number.isNaN(known) ? value : Math.max(known, value);
}

/** The highest value that any side has shown so far, and the ceiling if it is near. */
function highest({ sides }: Scene, pool: number): number {
  let most = 1;
  for (const side of sides) {
    for (let bin = 0; bin < side.length; bin++) {
      const wanted = side.level(Figure.open, pool, bin) + side.level(Figure.waiting, pool, bin);
      const slots = slotsOf(side, pool, (p) => side.level(Figure.ready, p, bin) + side.level(Figure.spawning, p, bin));
      most = Math.max(most, wanted, slots);
    }
  }
  const nearest = Math.max(...sides.map((side) => ceilingOf(side, pool)));
  return nearest <= most * DRAWN_CEILING ? Math.max(most, nearest) : most;
}

/** Slots of this many streamlets. */
function slotsOf({ facts }: RunHistory, pool: number, streamlets: (pool: number) => number): number {
  const { pools } = facts;
  if (pool !== ALL_POOLS) return streamlets(pool) * pools[pool].slots;
  if (pools.every((one) => one.slots === pools[0].slots)) return streamlets(ALL_POOLS) * pools[0].slots;
  return pools.reduce((sum, one, p) => sum + streamlets(p) * one.slots, 0);
}

/** The most streams that the pool, or the fleet, may ever carry at once. */
function ceilingOf({ facts }: RunHistory, pool: number): number {
  const { pools, fleetMax } = facts;
  if (pool !== ALL_POOLS) return pools[pool].max * pools[pool].slots;
  const widest = Math.max(...pools.map((one) => one.slots));
  return Math.min(
    pools.reduce((sum, one) => sum + one.max * one.slots, 0),
    fleetMax * widest,
  );
}
