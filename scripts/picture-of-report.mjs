// Draws docs/report.png, the README's picture, from a report: node scripts/picture-of-report.mjs
// reports/evening-peak
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const page = pathToFileURL(resolve(process.argv[2] ?? "reports/evening-peak", "index.html")).href;
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
const tab = await browser.newPage({ viewport: { width: 1180, height: 900 } });
await tab.goto(page);
// The others are drawn when they come into view.
for (const chart of [0, 1]) await tab.locator(".chart").nth(chart).locator("svg").first().waitFor();
// The first screen: the answer and its two pictures.
const last = tab.locator("figure").nth(1);
const box = await last.boundingBox();
const path = fileURLToPath(new URL("../docs/report.png", import.meta.url));
await tab.screenshot({
  path,
  fullPage: true,
  clip: { x: 0, y: 0, width: 1180, height: Math.ceil(box.y + box.height + 20) },
});
await browser.close();
