import { escapeText } from "../html.js";

const WIDTH = 240;
const HEIGHT = 36;
const MARGIN = 2;

/** A small line chart of two series as a data URL: no file, no request. */
export function sparkline(
  before: readonly number[],
  now: readonly number[],
  markedAt: number | undefined,
  description: string,
): string {
  const most = Math.max(1e-9, ...before, ...now);
  const count = Math.max(before.length, now.length, 2);
  const x = (i: number): number => Number((MARGIN + (i * (WIDTH - 2 * MARGIN)) / (count - 1)).toFixed(1));
  const y = (value: number): number => Number((HEIGHT - MARGIN - (value / most) * (HEIGHT - 2 * MARGIN)).toFixed(1));
  const line = (values: readonly number[], colour: string): string =>
    `<polyline fill="none" stroke="${colour}" stroke-width="1.5" ` +
    `points="${values.map((value, i) => `${x(i)},${y(value)}`).join(" ")}"/>`;
  const mark =
    markedAt === undefined
      ? ""
      : `<line x1="${x(markedAt)}" x2="${x(markedAt)}" y1="0" y2="${HEIGHT}" stroke="#b00" stroke-dasharray="2 2"/>`;
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 ` +
    `0 ${WIDTH} ${HEIGHT}">${mark}${line(before, "#888")}${line(now, "#06c")}</svg>`;
  const data = Buffer.from(svg, "utf8").toString("base64");
  return (
    `<img alt="${escapeText(description)}" width="${WIDTH}" ` +
    `height="${HEIGHT}" src="data:image/svg+xml;base64,${data}">`
  );
}
