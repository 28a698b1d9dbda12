import { readFileSync } from "node:fs";
import { parse, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { reportFiles } from "../../src/report/report.js";
import { syntheticOutcome } from "./synthetic-outcome.js";

const HOSTILE = `</script><img src=x onerror=alert(1)> "quoted" & | pipe \`tick\``;
const { outcome, scenario } = syntheticOutcome({
  name: HOSTILE,
  policies: ["hpa", "<b>bold</b>", "c|d"],
  replications: 3,
});
const files = await reportFiles(outcome, scenario);
const charts = [...files].filter(([name]) => name.endsWith(".vl.json"));
const vegaLite = z.fromJSONSchema(
  JSON.parse(
    readFileSync(new URL("../../node_modules/vega-lite/build/vega-lite-schema.json", import.meta.url), "utf8"),
  ),
);

describe("the files of a report", () => {
  it("are the page, the numbers, the summary and each chart", () => {
    const names = charts.map(([name]) => name.replace(/^charts\/|\.vl\.json$/g, ""));
    expect(names).toEqual(
      expect.arrayContaining(["start-latency", "utilisation", "cost-against-service", "spawns", "crashes", "arrivals"]),
    );
    expect(names.filter((name) => name.startsWith("capacity-"))).toHaveLength(3);
    expect([...files.keys()].filter((name) => !name.startsWith("charts/"))).toEqual([
      "scenario.json",
      "result.json",
      "summary.md",
      "index.html",
    ]);
  });

  it("are the same bytes for the same outcome", async () => {
    expect(await reportFiles(outcome, scenario)).toEqual(files);
  });

  it("say how to repeat the run, with the name quoted for a shell", () => {
    expect(files.get("summary.md")).toContain(`--seed ${outcome.document.seed}`);
    expect(files.get("index.html")).toContain("headrace simulate &#39;&lt;/script&gt;");
  });

  it("show which forecaster served, the costs of the others, and why one took over", () => {
    const page = files.get("index.html") as string;
    expect(page).toContain("last-value 18.5 · ensemble 25");
    expect(page).toContain("last-value took over (a-day-dearer-than-last-value: cost 31, benchmarkCost 18)");
  });

  it("never let a user's text become markup", () => {
    const page = files.get("index.html") as string;
    expect(page).not.toContain("<img");
    expect(page).not.toContain("<b>bold");
    // One closing tag for each script: none that a name slipped in.
    expect(page.match(/<\/script/g)?.length).toBe(page.match(/<script/g)?.length);
    const summary = files.get("summary.md") as string;
    expect(summary.split("\n")[0]).toBe(
      '# &lt;/script&gt;&lt;img src=x onerror=alert(1)&gt; "quoted" &amp; \\| pipe \\`tick\\`',
    );
    const table = summary.split("\n").filter((line) => line.startsWith("|"));
    const columns = table.map((line) => line.replaceAll("\\|", "").split("|").length);
    expect(new Set(columns).size).toBe(1);
  });

  it.each(charts)("hold %s as Vega-Lite that is valid and draws on its own", async (_name, text) => {
    const spec = JSON.parse(text) as TopLevelSpec;
    const valid = vegaLite.safeParse(spec);
    expect(valid.success, JSON.stringify(valid.error?.issues.slice(0, 1))?.slice(0, 400)).toBe(true);
    const warnings: unknown[] = [];
    const note = (...words: unknown[]) => {
      warnings.push(words);
      return logger;
    };
    const logger = { level: () => logger, error: note, warn: note, info: () => logger, debug: () => logger } as never;
    const vega = compile({ ...spec, width: 640 } as TopLevelSpec, { logger }).spec;
    expect(warnings).toEqual([]);
    const svg = await new View(parse(vega), { renderer: "none" }).toSVG();
    expect(svg.match(/<path[^>]* d="M/g)?.length ?? 0).toBeGreaterThan(3);
    expect(svg).not.toMatch(/NaN|undefined/);
  });
});
