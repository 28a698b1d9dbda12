import { InputError } from "../../base/errors.js";

/** Months per period of a growth rate or a budget. */
const months: ReadonlyMap<string, number> = new Map([
  ["month", 1],
  ["quarter", 3],
  ["year", 12],
]);

/** "30%/quarter": growth that compounds. */
export interface Growth {
  readonly text: string;
  /** ln of the factor of one month. */
  readonly logPerMonth: number;
}

/** Reads --growth; throws InputError. */
export function parseGrowth(text: string): Growth {
  const match = /^([-+]?\d+(?:\.\d+)?)\s*%\s*(?:\/|per )\s*(month|quarter|year)$/.exec(text.trim());
  const factor = match === null ? 0 : 1 + Number(match[1]) / 100;
  if (match === null || !(factor > 0)) {
    throw new InputError({
      code: "HR1005",
      where: "--growth",
      got: `"${text}"`,
      expected: "a share per month, quarter or year",
      remedy: "For example --growth 30%/quarter",
    });
  }
  return { text: text.trim(), logPerMonth: Math.log(factor) / Number(months.get(match[2])) };
}

/** Reads --budget, such as 2000/month; per month. Throws InputError. */
export function parseBudget(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(?:\/|per )\s*(month|quarter|year)$/.exec(text.trim());
  const amount = Number(match?.[1] ?? 0);
  if (match !== null && amount > 0) return amount / Number(months.get(match[2]));
  throw new InputError({
    code: "HR1005",
    where: "--budget",
    got: `"${text}"`,
    expected: "an amount per month, quarter or year",
    remedy: "For example --budget 2000/month",
  });
}

/** A calendar month, counted from January of the year 0. */
export function parseMonth(text: string): number {
  const match = /^(\d{4})-(\d{2})$/.exec(text.trim());
  const month = Number(match?.[2] ?? 0);
  if (match !== null && month >= 1 && month <= 12) return 12 * Number(match[1]) + month - 1;
  throw new InputError({ code: "HR1005", where: "--until", got: `"${text}"`, expected: "a month such as 2027-12" });
}

export function monthText(month: number): string {
  return `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, "0")}`;
}
