import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { FailureSummary } from "../../src/experiment/failure-summary.js";
import type { Losses } from "../../src/live/watch/loss-ledger.js";
import { writeLiveReport } from "../../src/report/live-report.js";
import { syntheticOutcome } from "./synthetic-outcome.js";

const STARTED_AT = Date.UTC(2026, 10, 27, 23, 5, 0);
const nothing: Losses = { streams: new Map(), streamlets: new Map(), requests: new Map(), refusals: new Map() };

async function written(
  losses: Losses,
  durationMs: number,
  failures?: FailureSummary,
): Promise<{ html: string; arrivals: string }> {
  const { outcome: fine, scenario } = syntheticOutcome({ policies: ["predictive"], replications: 1 });
  const [policy] = fine.document.policies;
  const document = { ...fine.document, policies: [failures === undefined ? policy : { ...policy, failures }] };
  const outcome = { ...fine, document };
  const folder = mkdtempSync(join(tmpdir(), "headrace-report-"));
  const command = "headrace live mine.yaml --serve --runtime zygote";
  const facts = { startedAt: STARTED_AT, durationMs, losses, command, served: true, speed: 1 };
  try {
    const { indexHtml } = await writeLiveReport(outcome, scenario, folder, facts);
    return {
      html: readFileSync(indexHtml, "utf8"),
      arrivals: readFileSync(join(folder, "charts", "arrivals.vl.json"), "utf8"),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("the report of a live run", () => {
  it("says that it was live, when, for how long, and by which command; it compares nothing", async () => {
    const { html } = await written(nothing, 2 * 3_600_000);
    expect(html).toContain("live for 2 h");
    expect(html).toContain("2026-11-27 23:05:00 UTC to 2026-11-28 01:05:00 UTC");
    expect(html).toContain("headrace live mine.yaml --serve --runtime zygote");
    expect(html).toContain("No stream was cut short");
    const text = html.slice(html.indexOf("<main"), html.indexOf('id="glossary"'));
    expect(text).not.toMatch(/simulated|replication/i);
  });

  it("names what was lost, and why, before anything else", async () => {
    const losses = { ...nothing, streams: new Map([["out-of-memory", 3]]), requests: new Map([["no-free-slot", 2]]) };
    const { html } = await written(losses, 3_600_000);
    expect(html).toContain("3 streams were cut short");
    expect(html.indexOf("out-of-memory")).toBeGreaterThan(0);
    expect(html.indexOf("out-of-memory")).toBeLessThan(html.indexOf("Demand and capacity</h2>"));
    expect(html).toContain("no-free-slot");
  });

  it("says first that the policy failed, how often, why and where", async () => {
    const failures = { count: 2, asked: 2, firstAtMs: 0, message: "boom", at: "/mine.js:2:5" };
    const { html } = await written(nothing, 3_600_000, failures);
    const said = html.indexOf("predictive FAILED at each of 2 decisions");
    expect(said).toBeGreaterThan(0);
    expect(said).toBeLessThan(html.indexOf("No stream was cut short"));
    expect(html).toContain("boom (/mine.js:2:5)");
  });

  it("draws the time that the run took, by the wall's clock, and no further", async () => {
    const { arrivals } = await written(nothing, 2 * 3_600_000);
    const instants = Array.from(arrivals.matchAll(/\b1[78]\d{11}\b/g), ([text]) => Number(text));
    expect(instants.length).toBeGreaterThan(10);
    expect(Math.min(...instants)).toBeGreaterThanOrEqual(STARTED_AT);
    expect(Math.max(...instants)).toBeLessThanOrEqual(STARTED_AT + 2 * 3_600_000);
  });
});
