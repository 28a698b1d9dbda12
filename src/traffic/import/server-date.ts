import { parseInstant } from "../../base/calendar.js";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** The pattern of a web server's date in brackets, ms allowed: 10/Oct/2000:13:55:36 -0700. */
export const SERVER_DATE = String.raw`\d{2}\/[A-Z][a-z]{2}\/\d{4}:\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})? [+-]\d{4}`;

/** Clocks differ from UTC by at most 14 hours (Line Islands, since 1995). */
const MOST_OFFSET_MINUTES = 14 * 60;
/** Offsets that are named; more come from clients' clocks or damage. */
const OFFSETS_NAMED = 4;

/** Reads the dates of consecutive log lines: a date of the same second is parsed once. */
export class ServerDates {
  private lastText = "";
  private lastMs = Number.NaN;
  private readonly offsets = new Set<string>();

  /**
   * "10/Oct/2000:13:55:36 -0700" → ms since 1970; NaN when it is no date, such as 30/Feb, or an
   * offset that no clock has.
   */
  read(text: string): number {
    if (text !== this.lastText) {
      this.lastText = text;
      this.lastMs = instantOf(text);
      if (!Number.isNaN(this.lastMs)) this.offsets.add(text.slice(text.lastIndexOf(" ") + 1));
    }
    return this.lastMs;
  }

  /** How the dates were read, in words. */
  get readAs(): string {
    const named = [...this.offsets].sort().slice(0, OFFSETS_NAMED).join(", ");
    return `time with the offset of its line (${named}${this.offsets.size > OFFSETS_NAMED ? ", …" : ""})`;
  }
}

function instantOf(text: string): number {
  const month = String(MONTHS.indexOf(text.slice(3, 6)) + 1).padStart(2, "0");
  const day = `${text.slice(7, 11)}-${month}-${text.slice(0, 2)}`;
  // A leap second is the next one's beginning.
  const isLeap = text.slice(18, 20) === "60";
  const second = isLeap ? "59" : text.slice(18, 20);
  const fraction = text[20] === " " ? "" : `.${text.slice(21, text.lastIndexOf(" "))}`;
  const wallMs = parseInstant(`${day}T${text.slice(12, 17)}:${second}${fraction}Z`);
  const offset = text.slice(text.lastIndexOf(" ") + 1);
  const offsetMinutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(3, 5));
  if (offsetMinutes > MOST_OFFSET_MINUTES || Number(offset.slice(3, 5)) > 59) return Number.NaN;
  const sign = offset[0] === "-" ? 1 : -1;
  return wallMs + sign * offsetMinutes * 60_000 + (isLeap ? 1000 : 0);
}
