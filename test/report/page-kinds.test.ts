import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Folder } from "../cli/real-command.js";
import { axeFindings, launchBrowser, PATIENCE_MS, Tab } from "./browser.js";
import { pageKinds } from "./page-kinds.js";

const pages = await pageKinds();
const folder = new Folder();
let browser: Browser | undefined;
let tab: Tab | undefined;

beforeAll(async () => {
  browser = await launchBrowser();
  tab = browser && (await Tab.open(browser));
  mkdirSync(folder.path, { recursive: true });
  for (const [kind, page] of pages) writeFileSync(join(folder.path, `${kind}.html`), page);
}, PATIENCE_MS);

afterAll(async () => {
  await browser?.close();
  folder.dispose();
});

/** The answer that each kind of page begins with, and what it must hold below. */
const CONTENT: ReadonlyMap<string, readonly [answer: RegExp, ...held: string[]]> = new Map([
  ["sweep", [/^Best: hpa at fleet.max 12|^Best: predictive/, "SLO met by fleet.max", "Surface", "cost (EUR)"]],
  ["diff", [/^1 of 1 figures differ beyond noise/, "Streamlets by hour", "+2.00 ± 0.50"]],
  [
    "twin",
    [
      /agrees with this machine on 1 of 2 metrics; apart: streams −30.0 %/,
      "live again",
      "2 cores",
      "The machine was busy",
      "Not compared, since a run has no such figure: burst of 4 spawns.",
    ],
  ],
  ["inspect", [/explains \d+ % of the variance/, "Requests over time", "By hour of the day"]],
  ["live", [/^3 streams were cut short/, "Demand against capacity", "What was lost, and why", "headrace live x.yaml"]],
  ["check", [/^Regressed: 2 of 4 figures/, "The first decision that differs", "headrace check"]],
  ["forecast", [/ensemble is the cheapest forecaster/, "Forecast fan", "Errors by hour", "seasonal-naive"]],
  ["study", [/costs less than the best policy as shipped|No world was compared/, "Frontiers: NASA", "Never worse?"]],
  ["plan", [/./, "Offered load", "The year ahead", "What changes the answer most", "headrace plan x.yaml"]],
]);

/** The names of the tables that scroll sideways, and the cells of stacked tables without a name. */
function tablesBeyond(): (string | null)[] {
  const boxes = [...document.querySelectorAll(".scroll")].filter((box) => box.scrollWidth > box.clientWidth);
  const nameless = document.querySelectorAll(".stacked tr:not(.group) > td:not(:first-child, [data-column])");
  return [...boxes.map((box) => box.getAttribute("aria-label")), ...[...nameless].map((cell) => cell.textContent)];
}

describe.each([...pages])("the page of %s", { timeout: PATIENCE_MS }, (kind, page) => {
  it("begins with the answer, then pictures, before any section", () => {
    const answer = page.indexOf('class="answer');
    expect(answer).toBeGreaterThan(0);
    const sections = page.slice(answer).split("<section").slice(1);
    expect(sections.length).toBeGreaterThan(0);
    expect(page.indexOf("data-chart")).toBeGreaterThan(answer);
    expect(page.slice(0, page.indexOf('<script type="application/json"'))).not.toMatch(/undefined|NaN|\[object/);
  });

  it("answers its question, and holds its evidence", () => {
    const [answer, ...held] = CONTENT.get(kind) ?? [/^(?!)/];
    expect(/<p class="sentence">([^<]*)</.exec(page)?.[1]).toMatch(answer);
    for (const text of held) expect(page).toContain(text);
  });

  it("fits 360 px, complains of nothing, and has nothing that axe-core finds wrong", async (context) => {
    if (tab === undefined) return context.skip();
    const { page: shown, requests, complaints } = await tab.visit(join(folder.path, `${kind}.html`), 360);
    expect(requests).toEqual([]);
    expect(complaints).toEqual([]);
    expect(await shown.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    expect(await shown.evaluate(tablesBeyond), "tables that reach beyond the page").toEqual([]);
    const ticks = await shown.locator(".role-axis-label text").allTextContents();
    expect(ticks.filter((tick) => /\de[+−-]\d/.test(tick))).toEqual([]);
    expect(await axeFindings(shown)).toEqual([]);
  });
});
