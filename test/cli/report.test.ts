import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { openPage } from "../../src/cli/open-page.js";
import { showResults } from "../../src/cli/report-run.js";
import { renderPage } from "../../src/report/page.js";
import { resultJson } from "../../src/report/result-json.js";
import { syntheticOutcome } from "../report/synthetic-outcome.js";
import { Folder } from "./real-command.js";

const text = resultJson(syntheticOutcome({ replications: 2 }).outcome.document);
const plain = { out: undefined, open: false, json: false, quiet: true };

describe("headrace report", () => {
  let folder: Folder;
  afterEach(() => {
    vi.restoreAllMocks();
    folder.dispose();
  });
  const at = (...names: string[]): string => join(folder.path, ...names);

  it("puts two results on one page, under the names of their folders", async () => {
    folder = new Folder({ "monday/result.json": text, "tuesday/result.json": text });
    await showResults({ ...plain, results: [at("monday"), at("tuesday", "result.json")], out: at("both") });
    const page = readFileSync(at("both", "index.html"), "utf8");
    expect(page).toContain("monday · hpa");
    expect(page).toContain("tuesday · predictive");
  });

  it("refuses a result twice, a folder without a result, and a result without a page", async () => {
    folder = new Folder({ "monday/result.json": text, "empty/x": "" });
    const show = (...results: string[]) => showResults({ ...plain, results, out: undefined });
    await expect(show(at("monday"), at("monday"))).rejects.toThrow("the same result twice");
    await expect(show(at("empty"))).rejects.toThrow("result.json");
    await expect(show(at("monday"))).rejects.toThrow("no page beside the result");
    expect(existsSync(at("reports"))).toBe(false);
  });

  it("shows the page of a command that writes no result, such as plan", async () => {
    folder = new Folder({ "plan/index.html": await renderPage({ title: "x", lead: "", sections: [], footer: "" }) });
    const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
    await showResults({ ...plain, results: [at("plan")], quiet: false });
    expect(write.mock.calls.map(([line]) => line)).toEqual([`Page: ${at("plan", "index.html")}\n`]);
    const both = showResults({ ...plain, results: [at("plan")], out: at("out") });
    await expect(both).rejects.toThrow("result.json");
  });

  it("refuses a page that another program wrote, and writes nothing", async () => {
    folder = new Folder({ "site/index.html": "<!doctype html><title>Headrace</title>" });
    await expect(showResults({ ...plain, results: [at("site")] })).rejects.toThrow(
      /site.index\.html: a page that this version of Headrace did not write, and no result\.json beside it/,
    );
    expect(existsSync(at("reports"))).toBe(false);
  });

  it("refuses --json with --open", async () => {
    folder = new Folder({ "monday/result.json": text });
    await expect(showResults({ ...plain, results: [at("monday")], json: true, open: true })).rejects.toThrow(
      "--json with --open",
    );
  });

  it("says where the page lies when no browser can be opened", async () => {
    folder = new Folder({});
    const said = vi.spyOn(process.stderr, "write").mockImplementation(() => true);
    await openPage(at("index.html"), [at("no-such-program")]);
    expect(said.mock.calls.join("")).toMatch(/No browser could be opened .*The page lies at file:\/\/.*index\.html/);
  });
});
