import type { DrawnChart } from "./drawn-chart.js";
import { settle } from "./drawn-chart.js";
import type { TimeRange } from "./time-range.js";

/** The names that a reader can switch on and off, with their colours. */
export interface PageFacts {
  readonly policies: readonly Switch[];
  readonly pools: readonly Switch[];
}

export interface Switch {
  readonly name: string;
  readonly colour: string;
}

/** The parameters of the charts that hold the names that are shown. */
type Parameter = "shown" | "shownPools";

/** The bar below the contents: policies, pools, range and zone of the whole page. */
export class Controls {
  private readonly charts: DrawnChart[] = [];
  private readonly hidden: Readonly<Record<Parameter, Set<string>>> = { shown: new Set(), shownPools: new Set() };
  private readonly rangeButtons: HTMLButtonElement[] = [];
  private zoneButton: HTMLButtonElement | undefined;

  constructor(
    bar: HTMLElement,
    facts: PageFacts,
    private readonly range: TimeRange,
  ) {
    if (facts.policies.length > 1) bar.append(this.switches("Policies", "shown", facts.policies));
    if (facts.pools.length > 1) bar.append(this.switches("Pools", "shownPools", facts.pools));
    if (bar.dataset.time !== undefined) bar.append(this.timeGroup(bar.dataset.time === "warmup"));
    bar.hidden = bar.childElementCount === 0;
  }

  add(chart: DrawnChart): void {
    this.charts.push(chart);
    if (this.hidden.shown.size + this.hidden.shownPools.size > 0) this.apply(chart);
  }

  /** After another range or zone was selected. */
  readonly update = (): void => {
    if (this.rangeButtons.length > 0) this.rangeButtons[0].disabled = !this.range.isSelected;
    if (this.zoneButton !== undefined) this.zoneButton.textContent = zoneText(this.range.zone);
  };

  private switches(label: string, parameter: Parameter, all: readonly Switch[]): HTMLElement {
    const group = groupOf(label);
    for (const { name, colour } of all) {
      const button = buttonOf(name, () => {
        const hidden = this.hidden[parameter];
        if (!hidden.delete(name)) hidden.add(name);
        button.setAttribute("aria-pressed", String(!hidden.has(name)));
        this.applyAll();
      });
      button.setAttribute("aria-pressed", "true");
      button.prepend(swatch(colour));
      group.append(button);
    }
    return group;
  }

  private timeGroup(hasWarmup: boolean): HTMLElement {
    const group = groupOf("Time");
    const reset = buttonOf(hasWarmup ? "Measured window" : "Whole range", () => this.range.reset());
    reset.disabled = true;
    const whole = buttonOf("Whole run", () => this.range.showWholeRun());
    this.zoneButton = buttonOf(zoneText("utc"), () => this.range.useZone(this.range.zone === "utc" ? "local" : "utc"));
    this.zoneButton.title = "Shows the charts in UTC or in this machine's time zone";
    this.rangeButtons.push(reset);
    const hint = document.createElement("span");
    hint.className = "hint";
    hint.textContent = "Drag over a chart to select a range; with the keyboard: ← → cursor, + − zoom, 0 reset.";
    group.append(reset, ...(hasWarmup ? [whole] : []), this.zoneButton, hint);
    return group;
  }

  private applyAll(): void {
    for (const chart of this.charts) this.apply(chart);
    for (const figure of document.querySelectorAll<HTMLElement>("figure[data-policy]"))
      figure.hidden = this.hidden.shown.has(figure.dataset.policy ?? "");
  }

  private apply(chart: DrawnChart): void {
    let isChanged = false;
    for (const parameter of ["shown", "shownPools"] as const) {
      const all = chart.signals.get(parameter) as readonly string[] | undefined;
      if (all === undefined) continue;
      chart.view.signal(
        parameter,
        all.filter((name) => !this.hidden[parameter].has(name)),
      );
      isChanged = true;
    }
    if (isChanged) settle(chart);
  }
}

function zoneText(zone: "utc" | "local"): string {
  return zone === "utc" ? "UTC" : Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function groupOf(label: string): HTMLElement {
  const group = document.createElement("div");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", label);
  const name = document.createElement("span");
  name.textContent = label;
  group.append(name);
  return group;
}

function buttonOf(text: string, onClick: () => void): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = text;
  button.addEventListener("click", onClick);
  return button;
}

function swatch(colour: string): HTMLElement {
  const mark = document.createElement("i");
  mark.style.background = colour;
  return mark;
}
