import { type Item, parse, type Spec, type TooltipHandler, View } from "vega";
import { expressionInterpreter } from "vega-interpreter";

/**
 * Runs in the reader's browser, bundled into the page: draws each specification in its place as SVG. Expressions are interpreted, not
 * compiled, since the page's policy forbids `eval`.
 */

/** The few members of the DOM used here; the DOM library would leak into all of the project. */
interface PageElement {
  readonly id: string;
  readonly offsetWidth: number;
  readonly offsetHeight: number;
  readonly style: { left: string; top: string };
  readonly dataset: Record<string, string>;
  className: string;
  textContent: string | null;
  hidden: boolean;
  append(...children: (PageElement | string)[]): void;
  replaceChildren(...children: (PageElement | string)[]): void;
}
interface Page {
  readonly body: PageElement;
  readonly documentElement: PageElement & { readonly clientWidth: number; readonly clientHeight: number };
  querySelectorAll(selector: string): Iterable<PageElement>;
  getElementById(id: string): PageElement | null;
  createElement(name: string): PageElement;
}
interface Screen {
  addEventListener(event: string, listener: () => void): void;
}
interface Pointer {
  readonly clientX: number;
  readonly clientY: number;
}
declare const document: Page;
declare const window: Screen;

/** CSS pixels between the margins of an A4 sheet. */
const SHEET_WIDTH_PX = 700;

function makeTooltip(): TooltipHandler {
  const box = document.createElement("div");
  box.className = "tooltip";
  box.hidden = true;
  document.body.append(box);
  return (_handler: unknown, event: object, _item: Item, value: unknown): void => {
    if (value === null || value === undefined || value === "") {
      box.hidden = true;
      return;
    }
    box.replaceChildren(...tooltipRows(value));
    box.hidden = false;
    const page = document.documentElement;
    const { clientX, clientY } = event as Pointer;
    const left = clientX + 14 + box.offsetWidth > page.clientWidth ? clientX - box.offsetWidth - 14 : clientX + 14;
    const top = Math.min(clientY + 12, page.clientHeight - box.offsetHeight - 4);
    box.style.left = `${Math.max(4, left)}px`;
    box.style.top = `${Math.max(4, top)}px`;
  };
}

function tooltipRows(value: unknown): PageElement[] {
  const fields = typeof value === "object" ? Object.entries(value as object) : [["", value]];
  return fields.map(([name, content]) => {
    const row = document.createElement("div");
    const label = document.createElement("span");
    label.textContent = String(name);
    const text = document.createElement("b");
    text.textContent = String(content);
    row.append(label, text);
    return row;
  });
}

/** Lays out once more: a legend's columns follow the width of the plot, which is known only after the first pass. */
async function settle(view: View): Promise<void> {
  await view.runAsync();
  await view.resize().runAsync();
}

async function drawChart(place: PageElement, tooltip: TooltipHandler): Promise<View | undefined> {
  const source = document.getElementById(`spec-${place.dataset.chart}`);
  try {
    const spec = JSON.parse(source?.textContent ?? "") as Spec;
    const view = new View(parse(spec, undefined, { ast: true }), {
      renderer: "svg",
      expr: expressionInterpreter,
      tooltip,
      hover: false,
    } as ConstructorParameters<typeof View>[1]);
    await view.initialize(place as never).runAsync();
    await settle(view);
    window.addEventListener("resize", () => void settle(view));
    return view;
  } catch (error) {
    place.textContent = `This chart could not be drawn: ${String(error)}`;
    console.error(error);
    return undefined;
  }
}

/** On paper each full-width chart takes the width of the sheet instead of shrinking, letters and all. */
function fitToPaper(drawn: readonly { place: PageElement; view: View }[]): void {
  const screenWidths = new Map<View, number>();
  window.addEventListener("beforeprint", () => {
    for (const { place, view } of drawn) {
      screenWidths.set(view, view.signal("width"));
      view.signal("width", place.dataset.size === "half" ? SHEET_WIDTH_PX / 2 - 14 : SHEET_WIDTH_PX).run();
      view.resize().run();
    }
  });
  window.addEventListener("afterprint", () => {
    for (const [view, width] of screenWidths) {
      view.signal("width", width).run();
      view.resize().run();
    }
  });
}

async function drawAll(): Promise<void> {
  const tooltip = makeTooltip();
  const drawn: { place: PageElement; view: View }[] = [];
  for (const place of document.querySelectorAll("[data-chart]")) {
    const view = await drawChart(place, tooltip);
    if (view !== undefined) drawn.push({ place, view });
  }
  fitToPaper(drawn);
  document.documentElement.dataset.charts = "drawn";
}

void drawAll();
