// npm run pictures [-- KIND…] [--drawn]: makes a page of each kind, and pictures of it, in
// reports/pictures. With --drawn, the pages that are there are drawn again, and none is made.
// Then it calls terminal.mjs beside this file, if it is there, for the pictures of the terminal.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { inputs, kinds } from "./kinds.mjs";

const ship = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const folder = ship("reports/pictures");
const images = join(folder, "images");
const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
/** Width of the window (px), colour scheme, and the ending of the picture's name. */
const SCREENS = [
  [360, "light", "360"],
  [1280, "light", "1280"],
  [1920, "light", "1920"],
  [1280, "dark", "dark"],
];
/** A page is cut at this height: Chromium draws no taller picture (px). */
const MOST_HEIGHT = 16_000;
/** A command that takes longer has failed (ms). */
const MOST_TIME_MS = 600_000;

const words = process.argv.slice(2);
const isDrawnOnly = words.includes("--drawn");
const wanted = words.filter((word) => word !== "--drawn");
const chosen = kinds(ship).filter(([name]) => wanted.length === 0 || wanted.includes(name));
const problems = wanted
  .filter((name) => !kinds(ship).some(([kind]) => kind === name))
  .map((name) => `${name}: no such kind`);

mkdirSync(images, { recursive: true });
for (const [name, text] of Object.entries(inputs)) writeFileSync(join(folder, name), text);
const made = chosen.filter(([name, words, steps = []]) =>
  isDrawnOnly
    ? existsSync(join(folder, name, "index.html"))
    : steps.every((step) => prepare(name, step)) && makePage(name, words),
);
await drawAll(made.map(([name]) => name));
drawTerminal();
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.stdout.write(`Pictures: ${images}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;

/** A step before a page: a command that must exit with 0, or files to write. */
function prepare(name, step) {
  if (!Array.isArray(step)) {
    for (const [file, text] of Object.entries(step)) writeFileSync(join(folder, file), text);
    return true;
  }
  const { status, stderr } = headrace(name, step);
  if (status !== 0) problems.push(`${name}: exit code ${status}. ${lastLine(stderr)}`);
  return status === 0;
}

/** Runs the command of a kind; prints a message and continues if it fails. */
function makePage(name, words) {
  const { status, stderr } = headrace(
    name,
    words.map((word) => (word === "{out}" ? name : word)),
  );
  if (existsSync(join(folder, name, "index.html")) && (status === 0 || status === 1)) return true;
  problems.push(`${name}: exit code ${status}. ${lastLine(stderr)}`);
  return false;
}

function headrace(name, args) {
  process.stderr.write(`${name}: headrace ${args.join(" ")}\n`);
  const options = { cwd: folder, encoding: "utf8", timeout: MOST_TIME_MS };
  return spawnSync(process.execPath, [ship("bin/headrace.js"), ...args], options);
}

function lastLine(text) {
  return text.trim().split("\n").slice(-1)[0];
}

async function drawAll(names) {
  const executablePath = CHROMIUM.find((path) => existsSync(path));
  if (executablePath === undefined) {
    problems.push(`no Chromium at ${CHROMIUM.join(", ")}`);
    return;
  }
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  for (const name of names) {
    for (const screen of SCREENS) {
      await draw(browser, name, screen).catch((error) => problems.push(`${name} at ${screen[2]}: ${error}`));
    }
  }
  await browser.close();
}

/** One page on one screen; at 1280 px light it is printed as well. */
async function draw(browser, name, [width, colorScheme, ending]) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, offline: true });
  const page = await context.newPage();
  page.on("console", (message) => problems.push(`${name} at ${ending}: ${message.text()}`));
  page.on("pageerror", (error) => problems.push(`${name} at ${ending}: ${error}`));
  await page.goto(pathToFileURL(join(folder, name, "index.html")).href);
  const charts = page.locator(".chart");
  for (let i = 0; i < (await charts.count()); i++) {
    // Not scrollIntoViewIfNeeded: it waits for two frames alike, 30 s at most; a busy machine has
    // few.
    await charts.nth(i).evaluate((chart) => chart.scrollIntoView());
    await charts.nth(i).locator("svg").first().waitFor();
  }
  await page.evaluate(() => scrollTo(0, 0));
  const [height, room] = await page.evaluate(() => [
    document.documentElement.scrollHeight,
    document.documentElement.scrollWidth,
  ]);
  if (room > width) problems.push(`${name} at ${ending}: ${room} px wide, the window has ${width}`);
  const clip = { x: 0, y: 0, width, height: Math.min(height, MOST_HEIGHT) };
  await page.screenshot({ path: join(images, `${name}-${ending}.png`), fullPage: true, clip });
  if (ending === "1280") await page.pdf({ path: join(images, `${name}.pdf`), format: "A4" });
  await context.close();
}

function drawTerminal() {
  const terminal = fileURLToPath(new URL("terminal.mjs", import.meta.url));
  if (!existsSync(terminal) || wanted.length > 0) return;
  const { status } = spawnSync(process.execPath, [terminal, images], { stdio: "inherit", timeout: MOST_TIME_MS });
  if (status !== 0) problems.push(`terminal: exit code ${status}`);
}
