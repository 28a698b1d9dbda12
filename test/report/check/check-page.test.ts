import { describe, expect, it } from "vitest";
import { compileSpec } from "../../../src/report/chart.js";
import { checkPage } from "../../../src/report/check/check-page.js";
import { renderPage } from "../../../src/report/page.js";
import { checkOutcome, identicalOutcome } from "./check-outcome.js";

const COMMAND = "headrace check regression.yaml";

describe("the page of a check", () => {
  it("answers first: the verdict, what changed, the first decision that differs", () => {
    const { answer, pictures = [] } = checkPage(checkOutcome(), COMMAND);
    expect(answer?.tone).toBe("worse");
    expect(answer?.sentence).toMatch(/^Regressed: 2 of 4 figures are worse/);
    expect(answer?.caveats.join(" ")).toContain("hpa, at 19:30:00 in eu: 12 → 14 streamlets.");
    expect(answer?.figures?.source).toContain('<td class="word worse" data-column="Verdict">regressed</td>');
    expect(answer?.figures?.source).not.toContain("identical");
    expect(answer?.figures?.source).toContain('data-column="Metric">Cost (EUR)');
    expect(pictures.map(({ chart }) => chart.name)).toEqual(["change-1", "course-streamlets-1"]);
  });

  it("shows what each side saw at that decision, every figure, and the command that repeats it", async () => {
    const text = await renderPage(checkPage(checkOutcome(), COMMAND));
    for (const shown of [
      "utilisation 0.71",
      "utilisation 0.61",
      '<th scope="row">Open streams</th><td>80</td>',
      COMMAND,
    ])
      expect(text).toContain(shown);
    expect(text.match(/<td class="word even">identical<\/td>/g)).toHaveLength(2);
  });

  it("draws a change of 29 tolerances as an arrow at the edge with its number", () => {
    const [change] = checkPage(checkOutcome(), COMMAND).pictures ?? [];
    expect(() => compileSpec("change", change.chart.spec)).not.toThrow();
    const { values } = change.chart.spec.data as { values: { mean: number; edge: string; change: string }[] };
    expect(values.map(({ mean, edge, change: text }) => [mean, edge, text])).toEqual([
      [4, "", "+4"],
      [10, "right", "+30"],
    ]);
    expect(change.chart.caption).toContain("beyond ±10 tolerances");
  });

  it("draws the courses of both sides, marked where they part, and leaves out those that are equal", () => {
    const { sections, pictures = [] } = checkPage(checkOutcome(), COMMAND);
    const course = JSON.stringify(pictures[1].chart.spec);
    for (const part of ['"side":"before"', '"side":"now"', '"hour":19,"text":"first difference"'])
      expect(course).toContain(part);
    const further = sections
      .flatMap(({ blocks }) => blocks)
      .flatMap((block) => (block.kind === "charts" ? block.charts : []));
    const names = further.map(({ chart }) => chart.name);
    expect(names).toContain("course-violating-minutes-1");
    expect(names).not.toContain("course-waiting-requests-1");
  });

  it("says that no decision differs where none does, and has no changed figures", () => {
    const { answer, pictures = [] } = checkPage(identicalOutcome(), COMMAND);
    expect([answer?.tone, answer?.caveats.join(" ").trim()]).toEqual(["even", "No decision differs."]);
    expect(answer?.figures).toBeUndefined();
    expect(pictures).toHaveLength(2);
  });
});
