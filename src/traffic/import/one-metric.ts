import { InputError, type SourcePlace } from "../../base/errors.js";
import type { LabelRules } from "./label-rule.js";

/** Columns and keys that name the metric of a record: k6, InfluxDB, Prometheus, CloudWatch. */
const METRIC_FIELDS = ["metric", "metric_name", "metricname", "__name__", "_measurement", "measurement"];
/** A name that stands in a command as it is. */
const PLAIN_NAME = /^[\w.:/-]{1,80}$/;

/** Which of these columns or keys names the metric; undefined if none does, or a rule uses it. */
export function metricField(names: readonly string[], rules: LabelRules): string | undefined {
  const found = names.find((name) => METRIC_FIELDS.includes(name.toLowerCase()));
  const isKeptApart = Object.values(rules).some((rule) => rule?.field === found);
  return isKeptApart ? undefined : found;
}

/**
 * Refuses records of several metrics. A load test of k6 writes three or more records for each
 * request (http_reqs, http_req_duration …): counted together they are as many times the requests.
 */
export class OneMetric {
  private first: string | undefined;

  /** The metric of one record; undefined or "" = not named. Throws InputError at `place`. */
  add(metric: string | undefined, place: SourcePlace | string): void {
    if (metric === undefined || metric === "") return;
    this.first ??= metric;
    if (metric === this.first) return;
    throw this.refusal(metric, place);
  }

  private refusal(metric: string, place: SourcePlace | string): InputError {
    const { first = "" } = this;
    const known = [first, metric].find((name) => name === "http_reqs") ?? first;
    const name = PLAIN_NAME.test(known) ? known : "NAME";
    const isLines = typeof place !== "string";
    const head = isLines && /\.csv(\.gz)?$/i.test(place.file) ? "head -1 FILE; " : "";
    const example = `, for example: (${head}grep -w ${name} FILE) > one-metric.${head === "" ? "json" : "csv"}`;
    return new InputError({
      code: "HR1404",
      where: place,
      got: `the metric "${metric.slice(0, 80)}" after "${first.slice(0, 80)}"`,
      expected: "records of one metric",
      remedy: `Keep those that count requests${isLines ? example : ""}`,
    });
  }
}
