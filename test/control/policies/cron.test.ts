import { describe, expect, it } from "vitest";
import { type CronDialect, lastFiring, parseCron } from "../../../src/control/policies/cron.js";

/** The last firing at or before an instant, to the minute; the fault if the text is refused. */
function last(text: string, at: string, dialect: CronDialect = "vixie"): string {
  const cron = parseCron(text, dialect);
  if (typeof cron === "string") return cron;
  const atMs = lastFiring(cron, Date.parse(at));
  return atMs === undefined ? "never" : new Date(atMs).toISOString().slice(0, 16);
}

describe("a cron expression", () => {
  it("knows every month and every day of the week by its name and its number", () => {
    const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    months.forEach((name, i) => {
      const first = `2025-${String(i + 1).padStart(2, "0")}-01T00:00`;
      expect(last(`0 0 1 ${name} *`, "2026-01-01T00:00:00Z").slice(5)).toBe(i === 0 ? "01-01T00:00" : first.slice(5));
      expect(last(`0 0 1 ${i + 1} *`, "2025-12-31T00:00:00Z")).toBe(first);
    });
    // 4 January 2026 was a Sunday.
    ["sun", "mon", "tue", "wed", "thu", "fri", "sat"].forEach((name, i) => {
      for (const day of [name, name.toUpperCase(), String(i)])
        expect(last(`0 0 * * ${day}`, "2026-01-10T12:00:00Z")).toBe(`2026-01-${String(4 + i).padStart(2, "0")}T00:00`);
    });
  });

  it("fires at the latest of its times, in whatever order they are written", () => {
    expect(last("30,0 17,9 * * *", "2026-01-05T18:00:00Z")).toBe("2026-01-05T17:30");
    expect(last("30,0 17,9 * * *", "2026-01-05T17:29:00Z")).toBe("2026-01-05T17:00");
    expect(last("30,0 17,9 * * *", "2026-01-05T12:00:00Z")).toBe("2026-01-05T09:30");
  });

  it("ends the steps of a range with the range", () => {
    expect(last("0-30/20 * * * *", "2026-01-05T10:59:00Z")).toBe("2026-01-05T10:20");
    expect(last("10/20 * * * *", "2026-01-05T10:59:00Z")).toBe("2026-01-05T10:50");
  });

  it("needs both kinds of day if either has a star, with a step, too", () => {
    // Of the 13ths before: January is a Tuesday, December a Saturday, November a Thursday.
    expect(last("0 0 13 * */3", "2026-01-15T00:00:00Z")).toBe("2025-12-13T00:00");
    expect(last("0 0 13 * */4", "2026-01-15T00:00:00Z")).toBe("2025-11-13T00:00");
  });

  it("may have any space between and around its fields", () => {
    expect(last("  0   8\t*  * *  ", "2026-01-05T10:00:00Z")).toBe("2026-01-05T08:00");
  });

  it.each([
    ["0 8 * *", "4 fields instead of 5"],
    ["0 8 * * * *", "6 fields instead of 5"],
    ["5! * * * *", '"5!"'],
    ["!5 * * * *", '"!5"'],
    ["*-5 * * * *", '"*-5"'],
    ["0 24 * * *", '"24" outside 0–23'],
    ["0 0 32 * *", '"32" outside 1–31'],
    ["0 0 1-32 * *", '"1-32" outside 1–31'],
    ["1,60 * * * *", '"60" outside 0–59'],
    ["1e1 * * * *", '"1e1" outside 0–59'],
    ["0 0 * foo *", '"foo" outside 1–12'],
    ["*/0 * * * *", '"*/0" outside 0–59'],
  ])("is refused with what is wrong: %s", (text, fault) => {
    expect(parseCron(text, "vixie")).toBe(fault);
  });
});

describe("a cron expression of KEDA", () => {
  const at = (text: string): string => last(text, "2026-01-15T00:00:00Z", "robfig");

  it("may have ? for *", () => {
    expect(at("0 0 ? * mon")).toBe("2026-01-12T00:00");
    expect(last("0 0 ? * mon", "2026-01-15T00:00:00Z")).toBe('"?"');
  });

  it("has no Sunday 7", () => {
    expect(at("0 0 * * 0")).toBe("2026-01-11T00:00");
    expect(at("0 0 * * 7")).toBe('"7" outside 0–6; Sunday is 0 in KEDA\'s cron');
    expect(at("0 0 * * 8")).toBe('"8" outside 0–6');
  });

  it("restricts the days by a star with a step, so that either kind of day suffices", () => {
    // Every third day of the week from Sunday: Wednesday the 14th.
    expect(at("0 0 13 * */3")).toBe("2026-01-14T00:00");
    expect(at("0 0 */10 * wed")).toBe("2026-01-14T00:00");
  });

  it("needs both kinds of day if either is every day, however that is written", () => {
    for (const every of ["*", "*/1", "*/01", "?", "mon,*"]) expect(at(`0 0 13 * ${every}`)).toBe("2026-01-13T00:00");
    // With neither, the first of a month or a Thursday; with one, Mondays alone.
    expect(at("0 0 1 * thu")).toBe("2026-01-15T00:00");
    expect(at("0 0 * * mon")).toBe("2026-01-12T00:00");
  });
});
