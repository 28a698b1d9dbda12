import { InputError, type SourcePlace } from "../../base/errors.js";

/** The meaning of a number in the input: a rate over its bin, or the requests in it. */
export const valueMeanings = ["per-second", "per-minute", "count"] as const;
export type ValueMeaning = (typeof valueMeanings)[number];

/** Requests in a bin of `binMs` for each unit of its value. */
export function requestsPerValue(meaning: ValueMeaning, binMs: number): number {
  if (meaning === "count") return 1;
  return binMs / (meaning === "per-second" ? 1000 : 60_000);
}

/** As in: requests per second from "req/s". */
export function describeMeaning(meaning: ValueMeaning): string {
  return meaning === "count" ? "counts" : `requests ${meaning.replace("-", " ")}, times the width of a bin,`;
}

/** Names of rates: req/s, requests_per_second, requestsPerMinute, rps, sum(rate(x[1m])). */
const RATE =
  /\/\s*(?:s|secs?|seconds?|m|mins?|minutes?|h|hours?)(?![a-z])|per[\s_-]?(?:sec|min|hour)|(?:^|[^a-z])(?:[rqt]p[sm]|i?rate)(?![a-z])/i;

/**
 * The meaning of the values of this column or key. A name that looks like a rate is refused
 * unless the user states the meaning: each bin would be wrong by its width in seconds. Throws
 * InputError.
 */
export function meaningOf(place: SourcePlace | string, name: string, asked: ValueMeaning | undefined): ValueMeaning {
  if (asked !== undefined) return asked;
  if (!RATE.test(name)) return "count";
  throw new InputError({
    code: "HR1403",
    where: place,
    got: `values from "${name}", which looks like a rate`,
    expected: "the meaning of the values",
    remedy: "Say --values per-second or per-minute for a rate, or --values count for requests in each bin",
  });
}
