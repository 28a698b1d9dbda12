import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeReport } from "../../src/report/report.js";
import { Folder } from "../cli/real-command.js";
import { launchBrowser, PATIENCE_MS, Tab } from "./browser.js";
import { syntheticOutcome } from "./synthetic-outcome.js";

const folder = new Folder();
const cases = {
  ordinary: syntheticOutcome({ replications: 4 }),
  "of one policy, once": syntheticOutcome({ policies: ["hpa"], replications: 1, hours: 2 }),
  "of nine policies": syntheticOutcome({
    policies: ["hpa", ..."abcdefgh"].map((name) => `policy ${name}`),
    replications: 2,
  }),
  "without trouble or prices": syntheticOutcome({ troubled: false, priced: false, replications: 2 }),
  "with a hostile name": syntheticOutcome({
    name: "</script><script>document.title='owned'</script>",
    replications: 2,
  }),
};
/** Each case at the widths that it may break. */
const WIDTHS: Readonly<Record<keyof typeof cases, readonly number[]>> = {
  ordinary: [360, 1280, 1920],
  "of one policy, once": [1280],
  "of nine policies": [360],
  "without trouble or prices": [1280],
  "with a hostile name": [1280],
};
/** At this width the page is printed as well. */
const PAPER_FROM = 1280;
let browser: Browser | undefined;
let tab: Tab | undefined;

beforeAll(async () => {
  browser = await launchBrowser();
  tab = browser && (await Tab.open(browser));
  for (const [name, { outcome, scenario }] of Object.entries(cases))
    await writeReport(outcome, scenario, join(folder.path, name));
}, PATIENCE_MS);

afterAll(async () => {
  await browser?.close();
  folder.dispose();
});

describe.each(Object.keys(cases))("a report %s", { timeout: PATIENCE_MS }, (name) => {
  const file = join(folder.path, name, "index.html");

  it.for(WIDTHS[name as keyof typeof cases])(
    "opens from disk at %i px: no request, no complaint, charts with marks and units, no sideways scroll; and prints",
    async (width, context) => {
      if (tab === undefined) return context.skip();
      const { page, requests, complaints } = await tab.visit(file, width);
      expect(requests).toEqual([]);
      expect(complaints).toEqual([]);
      const drawn = await page.evaluate(() =>
        [...document.querySelectorAll<HTMLElement>(".chart")].map((chart) => {
          const box = chart.querySelector("svg")?.getBoundingClientRect();
          const marks = [...chart.querySelectorAll<SVGGraphicsElement>(".role-mark path, .role-mark text")];
          const titles = [...chart.querySelectorAll(".role-axis-title text")].map((title) => title.textContent ?? "");
          return {
            name: chart.dataset.chart,
            fits: box !== undefined && box.width > 100 && box.width <= chart.clientWidth + 1,
            marks: marks.filter((mark) => mark.getBBox().width + mark.getBBox().height > 0).length,
            titled: titles.length > 0 && titles.every((title) => title.length > 2),
          };
        }),
      );
      expect(drawn.length).toBeGreaterThanOrEqual(4);
      for (const chart of drawn) expect(chart, chart.name).toMatchObject({ fits: true, titled: true });
      for (const chart of drawn) expect(chart.marks, chart.name).toBeGreaterThan(0);
      const [scroll, client] = await page.evaluate(() => [
        document.documentElement.scrollWidth,
        document.documentElement.clientWidth,
      ]);
      expect(scroll).toBeLessThanOrEqual(client);
      const text = await page.evaluate(() => document.body.innerText);
      expect(text).not.toMatch(/\bNaN\b|undefined|\[object/);
      expect(await page.title()).toBe(cases[name as keyof typeof cases].scenario.name);
      // On paper: one file in which everything is drawn again.
      if (width === PAPER_FROM) {
        const pdf = await page.pdf({ format: "A4" });
        expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
        expect(pdf.length).toBeGreaterThan(20_000);
      }
    },
  );
});

describe("a report's page", () => {
  const page = (): string => readFileSync(join(folder.path, "ordinary", "index.html"), "utf8");

  it("has the answer, each policy's capacity, latency, utilisation, cost, spawns, crashes, scenario and seed", () => {
    for (const anchor of [
      "answer",
      "evidence",
      "demand-and-capacity",
      "capacity-hpa",
      "capacity-predictive",
      "start-latency",
      "utilisation",
      "cost-against-service",
      "spawns",
      "crashes",
      "reproduce",
    ]) {
      expect(page()).toContain(`id="${anchor}"`);
    }
    expect(page()).toContain("Scenario hash");
    expect(page()).toContain("--seed 42");
  });

  it("stays below 1.5 megabytes and stands beside its result, summary and charts", () => {
    expect(statSync(join(folder.path, "ordinary", "index.html")).size).toBeLessThan(1_500_000);
    for (const name of ["result.json", "summary.md", "charts/utilisation.vl.json"]) {
      expect(existsSync(join(folder.path, "ordinary", name))).toBe(true);
    }
  });

  it("admits nothing but its own style sheet and script", () => {
    expect(page()).toMatch(/default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+'; base-uri 'none'/);
    expect(page()).not.toMatch(/\b(?:src|href)="(?:https?:)?\/\//);
  });
});
