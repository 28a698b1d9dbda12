import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";

const EXECUTABLES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** A page with nine policies draws 20 charts; on a busy machine that takes its time. */
export const PATIENCE_MS = 180_000;

/** Debian's Chromium without a screen; undefined, with the reason printed, if there is none. */
export async function launchBrowser(): Promise<Browser | undefined> {
  const executablePath = EXECUTABLES.find((path) => existsSync(path));
  if (executablePath === undefined) {
    console.log(`skipped: no Chromium at ${EXECUTABLES.join(", ")}; .ci/run installs it`);
    return undefined;
  }
  return chromium.launch({ executablePath, args: ["--no-sandbox"] });
}

/** Opened between two pages, so that the next one is laid out once, at its own width. */
const BLANK = "about:blank";

export interface Visit {
  readonly page: Page;
  /**
   * Requests of the page beyond itself, its console messages, and what its content security
   * policy blocked.
   */
  readonly requests: string[];
  readonly complaints: string[];
}

/**
 * A tab that opens files from disk with the network cut off. A tab of its own for each page takes
 * twice the CPU time (1.2 s against 0.6 s for 8 charts): the process starts, and compiles, anew.
 */
export class Tab {
  private url = "";
  private requests: string[] = [];
  private complaints: string[] = [];

  private constructor(private readonly page: Page) {
    page.setDefaultTimeout(PATIENCE_MS);
    page.on("request", (request) => {
      if (request.url() !== this.url && request.url() !== BLANK) this.requests.push(request.url());
    });
    page.on("console", (message) => this.complaints.push(message.text()));
    page.on("pageerror", (error) => this.complaints.push(String(error)));
  }

  static async open(browser: Browser): Promise<Tab> {
    const context = await browser.newContext({ offline: true });
    const page = await context.newPage();
    await page.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) =>
        console.error(`policy: ${event.violatedDirective}`),
      );
    });
    return new Tab(page);
  }

  /** Opens a file in place of the last one. */
  async visit(file: string, width: number): Promise<Visit> {
    this.url = pathToFileURL(file).href;
    this.requests = [];
    this.complaints = [];
    await this.page.goto(BLANK);
    await this.page.setViewportSize({ width, height: 900 });
    await this.page.goto(this.url);
    await drawAll(this.page);
    return { page: this.page, requests: this.requests, complaints: this.complaints };
  }
}

/**
 * Charts are drawn when they come into view: brings each there. Within the page, since two calls
 * from here for each of 20 charts took a sixth of the CPU time.
 */
async function drawAll(page: Page): Promise<void> {
  await page.evaluate(async (mostMs) => {
    for (const chart of document.querySelectorAll<HTMLElement>(".chart")) {
      chart.scrollIntoView({ block: "center" });
      while (chart.querySelector("svg") === null) {
        if (performance.now() > mostMs) throw new Error(`${chart.dataset.chart} was not drawn within ${mostMs} ms`);
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
    }
    scrollTo(0, 0);
  }, PATIENCE_MS);
}

interface Axe {
  run(root: Document): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>;
}

/**
 * Read, not imported: importing it extends WeakMap, which a test with a user module locks for all
 * tests of its thread (src/experiment/built-ins.ts).
 */
const axeSource = (): string => readFileSync(require.resolve("axe-core"), "utf8");
const require = createRequire(import.meta.url);

/** What axe-core finds wrong in a page: WCAG 2.1 AA and its best practices. */
export async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(axeSource());
  return page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: Axe }).axe.run(document);
    return violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes[0].html.slice(0, 120)}`);
  });
}
