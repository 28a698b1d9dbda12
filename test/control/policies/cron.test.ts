import { expect, it } from "vitest";
import { type CronDialect, lastFiring, parseCron } from "../../../src/control/policies/cron.js";

const DAY_MS = 86_400_000;
const WEDNESDAY = "2026-01-07";
const MONDAY_9 = "2026-01-05T09:00:00.000Z";

function lastFiringOf(text: string, dialect: CronDialect, at: string): string {
  const schedule = parseCron(text, dialect);
  if (typeof schedule === "string") return schedule;
  const firedAtMs = lastFiring(schedule, Date.parse(at));
  return firedAtMs === undefined ? "never" : new Date(firedAtMs).toISOString();
}

it("reads Sunday as 0 and 7 in Vixie cron, and refuses 7 in robfig/cron", () => {
  const sunday = "2026-01-04T09:00:00.000Z";
  expect(lastFiringOf("0 9 * * 7", "vixie", WEDNESDAY)).toBe(sunday);
  expect(lastFiringOf("0 9 * * 0", "robfig", WEDNESDAY)).toBe(sunday);
  for (const days of ["7", "5-7", "1,7"])
    expect(lastFiringOf(`0 9 * * ${days}`, "robfig", WEDNESDAY)).toMatch(/ outside 0–6; Sunday is 0/);
});

it("reads ? as any day in robfig/cron, and refuses it in Vixie cron", () => {
  expect(lastFiringOf("0 9 ? * 1", "robfig", WEDNESDAY)).toBe(MONDAY_9);
  expect(lastFiringOf("0 9 ? * 1", "vixie", WEDNESDAY)).toBe('"?"');
});

it("restricts the day of month by a step in robfig/cron only, so that either day suffices", () => {
  // 5 January 2026 is a Monday and odd; 13 January is a Tuesday and odd.
  expect(lastFiringOf("0 9 */2 * 1", "vixie", "2026-01-14")).toBe(MONDAY_9);
  expect(lastFiringOf("0 9 */2 * 1", "robfig", "2026-01-14")).toBe("2026-01-13T09:00:00.000Z");
  expect(lastFiringOf("0 9 */1 * 1", "robfig", "2026-01-09")).toBe(MONDAY_9);
});

it("fires at the instant itself, and never on 31 February", () => {
  expect(lastFiringOf("0 9 * * 1", "robfig", MONDAY_9)).toBe(MONDAY_9);
  expect(lastFiringOf("0 0 31 2 *", "vixie", new Date(DAY_MS * 20_000).toISOString())).toBe("never");
});
