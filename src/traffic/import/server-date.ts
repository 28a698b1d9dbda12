import { daysFromCivil } from "../../base/calendar.js";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** The pattern of a web server's date in brackets, ms allowed: 10/Oct/2000:13:55:36 -0700. */
export const SERVER_DATE = String.raw`\d{2}\/[A-Z][a-z]{2}\/\d{4}:\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})? [+-]\d{4}`;

/**
 * Reads the dates of log lines that follow each other: those of the same second are worked out
 * once.
 */
export class ServerDates {
  private lastText = "";
  private lastMs = Number.NaN;

  /** "10/Oct/2000:13:55:36 -0700" → ms since 1970; NaN when it is no date. */
  read(text: string): number {
    if (text !== this.lastText) {
      this.lastText = text;
      this.lastMs = instantOf(text);
    }
    return this.lastMs;
  }
}

function instantOf(text: string): number {
  const month = MONTHS.indexOf(text.slice(3, 6)) + 1;
  const day = Number(text.slice(0, 2));
  const [hour, minute, second] = [12, 15, 18].map((at) => Number(text.slice(at, at + 2)));
  const offset = text.slice(text.lastIndexOf(" ") + 1);
  const fractionMs = text[20] === " " ? 0 : Number(`0.${text.slice(21, text.lastIndexOf(" "))}`) * 1000;
  if (month === 0 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) return Number.NaN;
  const offsetMinutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(3, 5));
  const sign = offset[0] === "-" ? 1 : -1;
  const days = daysFromCivil(Number(text.slice(7, 11)), month, day);
  return (((days * 24 + hour) * 60 + minute + sign * offsetMinutes) * 60 + second) * 1000 + fractionMs;
}
