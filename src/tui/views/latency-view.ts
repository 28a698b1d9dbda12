import type { Area, Cells } from "../cells/cells.js";
import { Bold, Colour, Dim, type Style } from "../cells/style.js";
import type { RunHistory } from "../history/run-history.js";
import { TimeChart } from "./axis.js";
import { type Span, titled } from "./box.js";
import { type Budget, budgetsAt } from "./budget.js";
import { type Scene, shownSide, timeWindow } from "./scene.js";
import { wait } from "./words.js";

/**
 * The scale is logarithmic: from 1 ms to ten times the larger of the bound and the highest value.
 */
const LEAST_MS = 1;
const BAR_CELLS = 10;

/** Start latency against the SLO over time, and the rest of the error budgets. */
export function latencyView(cells: Cells, area: Area, scene: Scene): void {
  const side = shownSide(scene);
  const inner = titled(cells, area, "4", "start latency", titlesOf(scene));
  const budgets = budgetsAt(side, scene.ui.cursorMs);
  const most = Math.max(1, Math.floor(inner.height / 3));
  const lines = Math.min(budgets.length, most, Math.max(0, inner.height - 2));
  chart(cells, { ...inner, height: inner.height - lines }, scene, side);
  mostUsed(budgets, lines).forEach(({ what, usedShare, text }, i) => {
    const y = inner.y + inner.height - lines + i;
    const style: Style = usedShare > 1 ? Colour.red | Bold : usedShare > 0.7 ? Colour.yellow : Colour.green;
    const end = inner.x + inner.width;
    const filled = Math.ceil(Math.min(1, usedShare) * BAR_CELLS);
    if (!Number.isNaN(usedShare)) {
      const x = cells.text(inner.x + 1, y, "█".repeat(filled), style, end);
      cells.text(x, y, "░".repeat(BAR_CELLS - filled), Dim, end);
    }
    cells.text(inner.x + 2 + BAR_CELLS, y, `${what} ${text}`, usedShare > 1 ? style : Colour.plain, end);
  });
}

/** The start latency in the last bin against its bound: "p99 0.4 ms ≤ SLO 200 ms". */
function titlesOf(scene: Scene): readonly (readonly Span[])[] {
  const side = shownSide(scene);
  const bin = side.binsUntil(scene.ui.cursorMs) - 1;
  const now = bin < 0 ? Number.NaN : side.latencyMs(scene.ui.pool, bin);
  const bound = side.facts.slo?.startLatency?.boundMs;
  const style = bound !== undefined && now > bound ? Colour.red | Bold : Colour.cyan;
  const named: Span = [`p${Number((side.probability * 100).toFixed(3))} ${wait(now)}`, style];
  const bare: Span = [wait(now), style];
  if (bound === undefined) return [[named, ["  no SLO", Colour.plain]], [named], [bare]];
  const sign = Number.isNaN(now) ? "/" : now > bound ? ">" : "≤";
  const [long, short]: readonly Span[] = [
    [` ${sign} SLO ${wait(bound)}`, Colour.plain],
    [` ${sign} ${wait(bound)}`, Colour.plain],
  ];
  return [
    [named, long],
    [named, short],
    [bare, short],
  ];
}

/** If not all budgets fit, the ones nearest to their end, in their usual order. */
function mostUsed(budgets: readonly Budget[], count: number): readonly Budget[] {
  const rank = ({ usedShare }: Budget): number => (Number.isNaN(usedShare) ? 0 : usedShare);
  const kept = new Set([...budgets].sort((a, b) => rank(b) - rank(a)).slice(0, count));
  return budgets.filter((one) => kept.has(one));
}

function chart(cells: Cells, area: Area, scene: Scene, side: RunHistory): void {
  if (area.height < 2 || area.width < 14) return;
  const bound = side.facts.slo?.startLatency?.boundMs;
  const { pool, cursorMs } = scene.ui;
  let mostMs = bound ?? 100;
  for (let bin = side.knownFrom; bin < side.length; bin++) {
    const value = side.latencyMs(pool, bin);
    if (value > mostMs) mostMs = value;
  }
  let topMs = 10;
  while (topMs < mostMs * 1.5) topMs *= 10;
  const place = (ms: number): number => 1 - Math.log(Math.max(LEAST_MS, ms) / LEAST_MS) / Math.log(topMs / LEAST_MS);
  const drawn = new TimeChart(cells, area, timeWindow(scene), place);
  const until = side.binsUntil(cursorMs);
  const values = new Float64Array(drawn.plot.width).fill(Number.NaN);
  for (let x = 0; x < values.length; x++) {
    const [from, to] = drawn.bins(side, x, until);
    for (let bin = from; bin < to; bin++) {
      const value = side.latencyMs(pool, bin);
      if (!(values[x] >= value)) values[x] = value;
    }
  }
  if (bound !== undefined) drawn.level(bound, Colour.red);
  drawn.line(values, Colour.cyan);
  const labels: (readonly [number, string])[] = [[topMs, wait(topMs)]];
  if (bound !== undefined) labels.push([bound, wait(bound)]);
  labels.push([LEAST_MS, `≤${wait(LEAST_MS)}`]);
  drawn.finish(labels, side, cursorMs);
  for (const minute of side.violationsUntil(cursorMs)) drawn.mark(minute * 60_000, "▲", Colour.red | Bold);
}
