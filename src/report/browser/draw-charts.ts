import { ChartTooltip } from "./chart-tooltip.js";
import { Controls, type PageFacts } from "./controls.js";
import { offerDownloads } from "./downloads.js";
import { type DrawnChart, drawChart, fitToPaper, settle } from "./drawn-chart.js";
import { StackedTables } from "./stacked-tables.js";
import { enliveTables } from "./tables.js";
import { TimeCursor } from "./time-cursor.js";
import { TimeRange } from "./time-range.js";

/** Charts are drawn when they come this near to the window. */
const NEAR = "240px";
/** Height of legend, axis and titles around the plot (px): reserved before a chart is drawn. */
const AROUND_PX = 84;

/** Runs in the reader's browser, bundled into the page: draws the charts and links them. */
class ReportPage {
  private readonly drawn = new Map<HTMLElement, DrawnChart>();
  private readonly tooltip = new ChartTooltip();
  private readonly range = new TimeRange(() => this.controls?.update());
  private readonly cursor = new TimeCursor(this.range, this.tooltip);
  private readonly stacked = new StackedTables();
  private controls: Controls | undefined;

  start(): void {
    const bar = document.getElementById("controls");
    const facts = document.getElementById("page-facts")?.textContent;
    if (bar !== null && facts !== null && facts !== undefined)
      this.controls = new Controls(bar, JSON.parse(facts) as PageFacts, this.range);
    const places = [...document.querySelectorAll<HTMLElement>("[data-chart]")];
    for (const place of places) place.style.minHeight = `${Number(place.dataset.height) + AROUND_PX}px`;
    this.drawWhenSeen(places);
    this.followPaper(places);
    this.followWindow();
    offerDownloads((place) => this.draw(place));
    this.stacked.settle();
    enliveTables();
  }

  private drawWhenSeen(places: readonly HTMLElement[]): void {
    const observer = new IntersectionObserver(
      (entries) => {
        for (const { isIntersecting, target } of entries) if (isIntersecting) this.tryToDraw(target as HTMLElement);
      },
      { rootMargin: NEAR },
    );
    for (const place of places) observer.observe(place);
  }

  private draw(place: HTMLElement): DrawnChart {
    const known = this.drawn.get(place);
    if (known !== undefined) return known;
    const chart = drawChart(place, this.tooltip);
    this.drawn.set(place, chart);
    settle(chart);
    this.controls?.add(chart);
    if (TimeRange.has(chart)) {
      this.range.add(chart);
      this.cursor.add(chart);
    }
    place.style.minHeight = "";
    return chart;
  }

  /** A chart that fails shows its error in its place. The others are still drawn. */
  private tryToDraw(place: HTMLElement): void {
    try {
      this.draw(place);
    } catch (error) {
      place.textContent = `This chart could not be drawn: ${String(error)}`;
      console.error(error);
    }
  }

  /** Draws every chart at the paper's width, and restores the screen's widths after printing. */
  private followPaper(places: readonly HTMLElement[]): void {
    const widths = new Map<DrawnChart, number>();
    window.addEventListener("beforeprint", () => {
      for (const place of places) this.tryToDraw(place);
      for (const chart of this.drawn.values()) {
        widths.set(chart, chart.view.signal("width") as number);
        fitToPaper(chart);
      }
    });
    window.addEventListener("afterprint", () => {
      for (const [chart, width] of widths) {
        chart.view.signal("width", width);
        settle(chart);
      }
    });
  }

  private followWindow(): void {
    let isPending = false;
    window.addEventListener("resize", () => {
      if (isPending) return;
      isPending = true;
      requestAnimationFrame(() => {
        isPending = false;
        for (const chart of this.drawn.values()) settle(chart);
        this.stacked.settle();
      });
    });
  }
}

new ReportPage().start();
