import type { CommandModule } from "yargs";
import type { TimeUnit } from "../traffic/import/timestamp.js";
import { userPath } from "./paths.js";

export interface ImportArguments {
  readonly inputs: string[];
  readonly out: string;
  readonly as: string;
  readonly bin: string | undefined;
  readonly timezone: string | undefined;
  readonly epoch: string | undefined;
  readonly unit: TimeUnit | undefined;
  readonly dates: "mdy" | "dmy" | undefined;
  readonly decimal: "point" | "comma" | undefined;
  readonly timestamp: string | undefined;
  readonly value: string | undefined;
  readonly region: string | undefined;
  readonly format: string | undefined;
  readonly segment: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly query: string | undefined;
  readonly step: string | undefined;
  readonly values: "per-second" | "count" | undefined;
  readonly firstDay: string | undefined;
  readonly project: string | undefined;
  readonly lenient: boolean;
  readonly quiet: boolean;
}

export const DEFAULT_STEP = "1min";
export const DEFAULT_VALUES = "per-second";
export const DEFAULT_FIRST_DAY = "2019-07-15";
const timeUnitNames = ["s", "ms", "us", "ns"] as const satisfies readonly TimeUnit[];

export const importCommand: CommandModule<object, object> = {
  command: "import <inputs..>",
  describe: "Count the requests of logs, of Prometheus or of other files into a trace",
  builder: (yargs) =>
    yargs
      .positional("inputs", {
        type: "string",
        array: true,
        demandOption: true,
        describe: "Files (gzip too), or a Prometheus server's address",
      })
      .option("out", { type: "string", demandOption: true, requiresArg: true, describe: "Trace to write (CSV)" })
      .option("as", {
        choices: ["auto", "access-log", "json-log", "csv", "prometheus", "azure-functions", "wikipedia", "parquet"],
        default: "auto",
        describe: "Layout of the input",
      })
      .option("bin", {
        type: "string",
        requiresArg: true,
        defaultDescription: "1min; counts keep their own width",
        describe: "Width of a bin; counts are summed into wider bins",
      })
      .option("timezone", {
        type: "string",
        requiresArg: true,
        describe: "Zone of timestamps without an offset: UTC, +02:00, Europe/Berlin",
      })
      .option("epoch", {
        type: "string",
        requiresArg: true,
        describe: "Instant from which times that are numbers count (ISO-8601); 1970 if left out",
      })
      .option("unit", { choices: timeUnitNames, requiresArg: true, describe: "Unit of times that are numbers" })
      .option("dates", {
        choices: ["mdy", "dmy"] as const,
        requiresArg: true,
        describe: "Order of dates such as 3/2/2026: month first, or day first",
      })
      .option("decimal", {
        choices: ["point", "comma"] as const,
        requiresArg: true,
        describe: "CSV: how numbers are written, 1,234.5 or 1.234,5",
      })
      .option("timestamp", {
        type: "string",
        requiresArg: true,
        describe: "Column (name or '#3') or key with the time",
      })
      .option("value", {
        type: "string",
        requiresArg: true,
        describe: "Column with the count (name or '#3'); none: each row is one request",
      })
      .option("region", {
        type: "string",
        requiresArg: true,
        describe: "Where the region comes from: FIELD or FIELD/REGEX/",
      })
      .option("format", { type: "string", requiresArg: true, describe: "Where the format comes from" })
      .option("segment", { type: "string", requiresArg: true, describe: "Where the user segment comes from" })
      .option("from", { type: "string", requiresArg: true, describe: "Only requests from this instant on (ISO-8601)" })
      .option("to", { type: "string", requiresArg: true, describe: "Only requests before this instant" })
      .option("query", {
        type: "string",
        requiresArg: true,
        describe: "Prometheus: the query, e.g. sum(rate(http_requests_total[1m]))",
      })
      .option("step", {
        type: "string",
        requiresArg: true,
        defaultDescription: DEFAULT_STEP,
        describe: "Prometheus: width of a bin",
      })
      .option("values", {
        choices: ["per-second", "count"] as const,
        requiresArg: true,
        defaultDescription: DEFAULT_VALUES,
        describe: "Prometheus: what a value means",
      })
      .option("first-day", {
        type: "string",
        requiresArg: true,
        defaultDescription: DEFAULT_FIRST_DAY,
        describe: "Azure Functions: date of day 01",
      })
      .option("project", { type: "string", requiresArg: true, describe: "Wikipedia: only this domain code, e.g. de" })
      .option("lenient", { type: "boolean", default: false, describe: "Go on with more than 1 % broken lines" })
      .option("quiet", { type: "boolean", default: false, describe: "No progress, no summary" })
      .example("$0 trace import access.log.gz --out traffic.csv --format 'path/\\.(ts|m4s)$/'", "an access log")
      .example(
        "$0 trace import http://localhost:9090 --query 'sum(rate(http_requests_total[1m]))' --from 2026-01-01 --to 2026-01-15 --out traffic.csv",
        "Prometheus",
      )
      .example(
        "$0 trace import burstgpt.csv --epoch 2026-01-05T00:00:00Z --unit s --out traffic.csv",
        "seconds since the start of a recording",
      ),
  handler: async (given) => {
    const argv = given as unknown as ImportArguments;
    const { importTrace } = await import("./trace-import-run.js");
    const inputs = argv.inputs.map((input) => (/^https?:\/\//.test(input) ? input : userPath(input)));
    await importTrace({ ...argv, inputs, out: userPath(argv.out) });
  },
};
