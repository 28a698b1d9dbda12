import type { Row } from "./chart-table.js";
import type { DrawnChart } from "./drawn-chart.js";
import { type EmbeddedChart, embeddedChart, liteSpec, rowsOf } from "./embedded-chart.js";

/** Pixels of a PNG per CSS pixel. */
const PNG_SCALE = 2;

/**
 * Makes each button with `data-download` save its chart; `draw` draws a chart that is not drawn
 * yet.
 */
export function offerDownloads(draw: (place: HTMLElement) => DrawnChart): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("button[data-download]");
    const place = button?.closest("figure")?.querySelector<HTMLElement>("[data-chart]");
    if (button === null || button === undefined || place === null || place === undefined) return;
    void save(place, button.dataset.download ?? "", draw);
  });
}

async function save(place: HTMLElement, format: string, draw: (place: HTMLElement) => DrawnChart): Promise<void> {
  const name = place.dataset.chart ?? "chart";
  if (format === "csv") return saveText(`${name}.csv`, "text/csv", csvOf(embeddedChart(name)));
  if (format === "vega-lite")
    return saveText(`${name}.vl.json`, "application/json", JSON.stringify(liteSpec(embeddedChart(name))));
  const { view } = draw(place);
  if (format === "svg") return saveText(`${name}.svg`, "image/svg+xml", onWhite(await view.toSVG()));
  const drawn = (await view.toCanvas(PNG_SCALE)) as unknown as HTMLCanvasElement;
  const blob = await new Promise<Blob | null>((resolve) => whiteBehind(drawn).toBlob(resolve, "image/png"));
  if (blob !== null) saveBlob(`${name}.png`, blob);
}

/** Comma-separated rows; several tables of a chart follow one another. */
function csvOf(chart: EmbeddedChart): string {
  const names = new Map(chart.columns);
  return rowsOf(chart)
    .map((rows) => tableCsv(rows, names))
    .join("\r\n");
}

function tableCsv(rows: readonly Row[], names: ReadonlyMap<string, string>): string {
  const fields = Object.keys(rows[0]);
  const lines = [
    fields.map((field) => csvCell(names.get(field) ?? field)),
    ...rows.map((row) => fields.map((field) => csvCell(cellText(field, row)))),
  ];
  return `${lines.map((cells) => cells.join(",")).join("\r\n")}\r\n`;
}

/**
 * Instants as ISO 8601 in UTC, which every tool reads: `t`, `month`, and `to`, the end of an
 * interval that begins at `t`.
 */
function cellText(field: string, row: Row): string {
  const value = row[field];
  if (value === null) return "";
  const isInstant = field === "t" || field === "month" || (field === "to" && "t" in row);
  return isInstant && typeof value === "number" ? new Date(value).toISOString() : String(value);
}

/**
 * Quoted where needed (RFC 4180); a text that a spreadsheet would run as a formula gets a quote.
 */
function csvCell(text: string): string {
  const safe = /^[=+@\t]|^-\D/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function onWhite(svg: string): string {
  return svg.replace(/^(<svg[^>]*>)/, '$1<rect width="100%" height="100%" fill="white"/>');
}

function whiteBehind(drawn: HTMLCanvasElement): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = drawn.width;
  canvas.height = drawn.height;
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  context.fillStyle = "white";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(drawn, 0, 0);
  return canvas;
}

function saveText(name: string, type: string, text: string): void {
  saveBlob(name, new Blob([text], { type: `${type};charset=utf-8` }));
}

function saveBlob(name: string, blob: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
