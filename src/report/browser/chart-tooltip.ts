import type { TooltipHandler } from "vega";

/** Space between the pointer and the tooltip (px). */
const GAP_PX = 14;

/** The one tooltip of the page. */
export class ChartTooltip {
  private readonly box = document.createElement("div");

  constructor() {
    this.box.className = "tooltip";
    this.box.setAttribute("role", "status");
    this.box.hidden = true;
    document.body.append(this.box);
  }

  /** As Vega calls it when the pointer enters or leaves a mark. */
  readonly handler: TooltipHandler = (_handler, event, _item, value) => {
    this.show(value, event.clientX, event.clientY);
  };

  /** Shows the fields of a value beside a point of the window; hides for an empty value. */
  show(value: unknown, clientX: number, clientY: number): void {
    if (value === null || value === undefined || value === "") {
      this.hide();
      return;
    }
    this.box.replaceChildren(...rowsOf(value));
    this.box.hidden = false;
    const { clientWidth, clientHeight } = document.documentElement;
    const { offsetWidth, offsetHeight } = this.box;
    const isRight = clientX + GAP_PX + offsetWidth <= clientWidth;
    const left = isRight ? clientX + GAP_PX : clientX - offsetWidth - GAP_PX;
    const top = Math.min(clientY + GAP_PX - 2, clientHeight - offsetHeight - 4);
    this.box.style.left = `${Math.max(4, left)}px`;
    this.box.style.top = `${Math.max(4, top)}px`;
  }

  hide(): void {
    this.box.hidden = true;
  }
}

function rowsOf(value: unknown): HTMLElement[] {
  const fields = typeof value === "object" ? Object.entries(value as object) : [["", value]];
  return fields
    .filter(([, content]) => content !== "")
    .map(([name, content]) => {
      const row = document.createElement("div");
      const label = document.createElement("span");
      label.textContent = String(name);
      const text = document.createElement("b");
      text.textContent = String(content);
      row.append(label, text);
      return row;
    });
}
