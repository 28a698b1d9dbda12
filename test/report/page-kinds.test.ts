import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Folder } from "../cli/real-command.js";
import { axeFindings, launchBrowser, PATIENCE_MS, visit } from "./browser.js";
import { pageKinds } from "./page-kinds.js";

const pages = await pageKinds();
const folder = new Folder();
let browser: Browser | undefined;

beforeAll(async () => {
  browser = await launchBrowser();
  mkdirSync(folder.path, { recursive: true });
  for (const [kind, page] of pages) writeFileSync(join(folder.path, `${kind}.html`), page);
}, PATIENCE_MS);

afterAll(async () => {
  await browser?.close();
  folder.dispose();
});

describe.each([...pages])("the page of %s", { timeout: PATIENCE_MS }, (kind, page) => {
  it("begins with the answer, then pictures, before any section", () => {
    const answer = page.indexOf('class="answer');
    expect(answer).toBeGreaterThan(0);
    const sections = page.slice(answer).split("<section").slice(1);
    expect(sections.length).toBeGreaterThan(0);
    expect(page.indexOf("data-chart")).toBeGreaterThan(answer);
    expect(page.slice(0, page.indexOf('<script type="application/json"'))).not.toMatch(/undefined|NaN|\[object/);
  });

  it("fits 360 px, complains of nothing, and has nothing that axe-core finds wrong", async (context) => {
    if (browser === undefined) return context.skip();
    const { page: tab, requests, complaints } = await visit(browser, join(folder.path, `${kind}.html`), 360);
    expect(requests).toEqual([]);
    expect(complaints).toEqual([]);
    expect(await tab.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    expect(await axeFindings(tab)).toEqual([]);
    await tab.context().close();
  });
});
