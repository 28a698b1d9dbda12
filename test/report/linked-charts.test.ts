import { mkdirSync, readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeReport } from "../../src/report/report.js";
import { Folder } from "../cli/real-command.js";
import { axeFindings, launchBrowser, PATIENCE_MS, Tab } from "./browser.js";
import { syntheticOutcome } from "./synthetic-outcome.js";

const folder = new Folder();
let browser: Browser | undefined;
let page: Page;

beforeAll(async () => {
  browser = await launchBrowser();
  if (browser === undefined) return;
  mkdirSync(folder.path, { recursive: true });
  const { outcome, scenario } = syntheticOutcome({ replications: 3 });
  const { indexHtml } = await writeReport(outcome, scenario, folder.path);
  page = (await (await Tab.open(browser)).visit(indexHtml, 1280)).page;
}, PATIENCE_MS);

afterAll(async () => {
  await browser?.close();
  folder.dispose();
});

/** The ticks of the time axis of a chart, as they read. */
const ticks = (chart: string): Promise<string[]> => page.locator(`#${chart} .role-axis-label text`).allTextContents();

/** The tick that has the date: the first. */
const firstTick = async (chart: string): Promise<string | undefined> =>
  (await ticks(chart)).find((tick) => tick.includes("Mar"));

/** How many lines of a chart are visible. */
const visibleLines = (chart: string): Promise<number> =>
  page
    .locator(`#${chart} .mark-line path`)
    .evaluateAll(
      (lines) =>
        lines.filter((line) => line.getAttribute("stroke-opacity") !== "0" && line.getAttribute("opacity") !== "0")
          .length,
    );

async function saved(chart: string, format: string): Promise<{ name: string; bytes: Buffer }> {
  const waiting = page.waitForEvent("download");
  await page.locator(`#${chart} button[data-download=${format}]`).click();
  const download = await waiting;
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

describe("the charts of a report", { timeout: PATIENCE_MS }, () => {
  it.beforeEach((context) => {
    if (browser === undefined) context.skip();
  });

  it("show the range that is selected in one of them, all together, and go back", async () => {
    expect(await firstTick("utilisation")).toContain("04 Mar 03:00");
    const chart = page.locator("#capacity-hpa .chart");
    await chart.scrollIntoViewIfNeeded();
    const box = (await chart.boundingBox()) as { x: number; y: number; width: number };
    await page.mouse.move(box.x + box.width * 0.5, box.y + 120);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.7, box.y + 120, { steps: 3 });
    await page.mouse.up();
    for (const name of ["capacity-hpa", "utilisation", "demand-and-capacity", "spawns"])
      expect(await firstTick(name), name).toMatch(/04 Mar 1[2-4]:/);
    await page.getByRole("button", { name: "Whole run" }).click();
    expect(await firstTick("spawns")).toContain("04 Mar 00:00");
    await page.getByRole("button", { name: "Measured window" }).click();
    expect(await firstTick("utilisation")).toContain("04 Mar 03:00");
  });

  it("share one cursor, which keys move as well, with what each chart shows there", async () => {
    await page.mouse.move(1, 1);
    await page.locator("#capacity-hpa .chart").focus();
    await page.keyboard.press("ArrowRight");
    expect(await page.locator("#capacity-hpa .cursor").isHidden()).toBe(false);
    expect(await page.locator("#spawns .cursor").evaluate((cursor) => (cursor as HTMLElement).hidden)).toBe(false);
    expect(await page.locator(".tooltip").innerText()).toMatch(
      /time\s+04 Mar 01:\d\d UTC[\s\S]*demand[\s\S]*ready slots/,
    );
    await page.keyboard.press("+");
    expect(await firstTick("spawns")).toContain("04 Mar 08:00");
    await page.keyboard.press("0");
    expect(await firstTick("spawns")).toContain("04 Mar 03:00");
  });

  it("hide a policy everywhere", async () => {
    expect(await visibleLines("utilisation")).toBe(2);
    await page.locator("#controls").getByRole("button", { name: "predictive" }).click();
    expect(await visibleLines("utilisation")).toBe(1);
    expect(await page.locator("#capacity-predictive").isVisible()).toBe(false);
    await page.locator("#controls").getByRole("button", { name: "predictive" }).click();
    expect(await visibleLines("utilisation")).toBe(2);
  });

  it("read in UTC or in the zone of the machine", async () => {
    const zone = page.getByRole("button", { name: "UTC", exact: true });
    await zone.click();
    const local = await page.evaluate(() => Intl.DateTimeFormat().resolvedOptions().timeZone);
    expect(await page.locator("#controls").innerText()).toContain(local);
    await page.getByRole("button", { name: local, exact: true }).click();
    expect(await page.getByRole("button", { name: "UTC", exact: true }).count()).toBe(1);
  });

  it("save as SVG, PNG, CSV and Vega-Lite from the one file", async () => {
    const svg = await saved("utilisation", "svg");
    expect(svg.name).toBe("utilisation.svg");
    expect(svg.bytes.toString()).toMatch(/^<svg[^>]*><rect[^>]*fill="white"/);
    const png = await saved("utilisation", "png");
    expect(png.bytes.subarray(1, 4).toString()).toBe("PNG");
    const csv = (await saved("utilisation", "csv")).bytes.toString().split("\r\n");
    expect(csv[0]).toMatch(/^time,"hpa, mean","predictive, mean"|^time,"hpa, mean"/);
    expect(csv[1]).toMatch(/^2026-03-04T00:01:30.000Z,0\.\d+,/);
    const stretches = (await saved("slo-violations", "csv")).bytes.toString();
    expect(stretches).toMatch(/,2026-03-04T[\d:.]+Z,2026-03-04T[\d:.]+Z,/);
    const lite = JSON.parse((await saved("utilisation", "vega-lite")).bytes.toString());
    expect(lite.$schema).toContain("vega-lite");
    expect(Object.values(lite.datasets as Record<string, unknown[]>)[0]).toHaveLength(480);
  });
});

describe("the tables of a report", { timeout: PATIENCE_MS }, () => {
  it.beforeEach((context) => {
    if (browser === undefined) context.skip();
  });

  it("sort by a column and filter by words", async () => {
    const table = page.locator("[aria-label='Comparison of the policies']");
    const names = (): Promise<string[]> => table.locator("tbody tr:not(.group):visible th").allInnerTexts();
    const before = await names();
    await table.getByRole("button", { name: "Metric" }).click();
    const sorted = await names();
    expect(sorted).not.toEqual(before);
    expect([...sorted].sort()).toEqual([...before].sort());
    expect(await table.locator("th").first().getAttribute("aria-sort")).toBe("ascending");
    await page.getByRole("searchbox", { name: /Comparison of the policies/ }).fill("crash");
    expect((await names()).every((name) => /crash/i.test(name))).toBe(true);
  });

  it("are stacked in a narrow window only, where the filter holds as well", async () => {
    const table = page.locator("[aria-label='Comparison of the policies'] table");
    const isStacked = (): Promise<boolean> => table.evaluate((one) => getComputedStyle(one).display === "block");
    const shown = table.locator("tbody tr:not(.group):visible");
    const wide = await shown.count();
    expect(await isStacked()).toBe(false);
    await page.setViewportSize({ width: 360, height: 900 });
    await expect.poll(isStacked).toBe(true);
    expect(await shown.count()).toBe(wide);
    expect(await shown.first().locator("td").nth(1).getAttribute("data-column")).toBe("predictive");
    await page.setViewportSize({ width: 1280, height: 900 });
    await expect.poll(isStacked).toBe(false);
  });

  it("have a list to sort by where they are stacked, since their heads are hidden", async () => {
    const box = page.locator("[aria-label='Comparison of the policies']");
    const list = box.locator("select");
    const names = (): Promise<string[]> => box.locator("tbody tr:not(.group):visible th").allInnerTexts();
    expect(await list.isVisible()).toBe(false);
    await page.setViewportSize({ width: 360, height: 900 });
    await expect.poll(() => list.isVisible()).toBe(true);
    await list.selectOption("as listed");
    const listed = await names();
    await list.selectOption("Metric ▼");
    const sorted = await names();
    expect(sorted).not.toEqual(listed);
    expect([...sorted].sort()).toEqual([...listed].sort());
    await list.selectOption("as listed");
    expect(await names()).toEqual(listed);
    await page.setViewportSize({ width: 1280, height: 900 });
  });
});

describe("a report", { timeout: PATIENCE_MS }, () => {
  it.for(["light", "dark"] as const)(
    "has nothing that axe-core finds wrong in the %s scheme",
    async (scheme, context) => {
      if (browser === undefined) return context.skip();
      await page.emulateMedia({ colorScheme: scheme });
      expect(await axeFindings(page)).toEqual([]);
    },
  );
});
