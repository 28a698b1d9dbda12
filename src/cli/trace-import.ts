import { layoutNames } from "../traffic/import/layouts/layouts.js";
import type { TimeUnit } from "../traffic/import/timestamp.js";
import { valueMeanings } from "../traffic/import/value-meaning.js";
import { command } from "./options/command.js";
import { choice, path, text } from "./options/kinds.js";
import { flag, list, type OptionValues, required, single, withDefault } from "./options/option.js";
import { userPath } from "./options/user-path.js";

export const DEFAULT_STEP = "1min";
export const DEFAULT_FIRST_DAY = "2019-07-15";
const timeUnitNames = ["s", "ms", "us", "ns"] as const satisfies readonly TimeUnit[];

/** A file, or the address of a server, which is no path. */
const input = single("Files (gzip too), or a Prometheus server's address", (written) =>
  /^https?:\/\//.test(written) ? written : userPath(written),
);

const positionals = { inputs: required(list(input)) };

const options = {
  out: required(path("Trace to write (CSV)")),
  as: withDefault(choice("Layout of the input", ["auto", ...layoutNames]), "auto"),
  bin: text("Width of a bin (default 1min; counts keep their own width); counts are summed into wider bins"),
  timezone: text("Zone of timestamps without an offset: UTC, +02:00, Europe/Berlin"),
  epoch: text("Instant from which times that are numbers count (ISO-8601); 1970 if left out"),
  unit: choice("Unit of times that are numbers", timeUnitNames),
  dates: choice("Order of dates such as 3/2/2026: month first, or day first", ["mdy", "dmy"]),
  decimal: choice("CSV: how numbers are written, 1,234.5 or 1.234,5", ["point", "comma"]),
  timestamp: text("Column (name or '#3') or key with the time"),
  value: text("Column or key with the count (name or '#3'); none: each row or line is one request"),
  region: text("Where the region comes from: FIELD or FIELD/REGEX/"),
  format: text("Where the format comes from"),
  segment: text("Where the user segment comes from"),
  from: text("Only requests from this instant on (ISO-8601)"),
  to: text("Only requests before this instant"),
  query: text("Prometheus: the query, e.g. sum(rate(http_requests_total[1m]))"),
  step: text(`Prometheus: width of a bin (default ${DEFAULT_STEP})`),
  values: choice("Meaning of a value (default: per-second for Prometheus, else count)", valueMeanings),
  firstDay: text(`Azure Functions: date of day 01 (default ${DEFAULT_FIRST_DAY})`),
  project: text("Wikipedia: only this domain code, e.g. de"),
  pattern: text("Regular expression (RE2) of a log line: (?P<time>…) is its time, other named groups are fields"),
  lenient: flag("Go on with more than 1 % broken lines"),
  quiet: flag("No progress, no summary"),
};

export type ImportArguments = OptionValues<typeof positionals> & OptionValues<typeof options>;

/**
 * The arguments of an import that another command starts; left-out ones have the command line's
 * defaults.
 */
export function importArguments(
  given: Pick<ImportArguments, "inputs" | "out"> & { readonly [K in keyof ImportArguments]?: ImportArguments[K] },
): ImportArguments {
  const { out: _, ...others } = options;
  const standard = Object.entries(others).map(([name, option]) => [name, option.read(undefined, name)]);
  return { ...(Object.fromEntries(standard) as ImportArguments), ...given };
}

export const importCommand = command({
  command: "import <inputs..>",
  describe: "Count the requests of logs, of Prometheus or of other files into a trace",
  positionals,
  options,
  examples: [
    ["trace import access.log.gz --out traffic.csv --format 'path/\\.(ts|m4s)$/'", "an access log"],
    [
      "trace import http://localhost:9090 --query 'sum(rate(http_requests_total[1m]))' " +
        "--from 2026-01-01 --to 2026-01-15 --out traffic.csv",
      "Prometheus",
    ],
    [
      "trace import burstgpt.csv --epoch 2026-01-05T00:00:00Z --unit s --out traffic.csv",
      "seconds since the start of a recording",
    ],
  ],
  async run(argv) {
    const { importTrace } = await import("./trace-import-run.js");
    await importTrace(argv);
  },
});
