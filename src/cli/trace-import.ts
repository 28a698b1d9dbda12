import type { CommandModule } from "yargs";
import { userPath } from "./paths.js";

export interface ImportArguments {
  readonly inputs: string[];
  readonly out: string;
  readonly as: string;
  readonly bin: string;
  readonly timezone: string | undefined;
  readonly timestamp: string | undefined;
  readonly value: string | undefined;
  readonly region: string | undefined;
  readonly format: string | undefined;
  readonly segment: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly query: string | undefined;
  readonly step: string;
  readonly values: "per-second" | "count";
  readonly firstDay: string;
  readonly project: string | undefined;
  readonly lenient: boolean;
  readonly quiet: boolean;
}

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
        default: "1min",
        requiresArg: true,
        describe: "Width of a bin, where the input has single requests",
      })
      .option("timezone", {
        type: "string",
        requiresArg: true,
        describe: "Zone of timestamps without an offset: UTC, +02:00, Europe/Berlin",
      })
      .option("timestamp", { type: "string", requiresArg: true, describe: "Column or key with the time" })
      .option("value", {
        type: "string",
        requiresArg: true,
        describe: "Column with the count (none: each row is a request)",
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
      .option("step", { type: "string", default: "1min", requiresArg: true, describe: "Prometheus: width of a bin" })
      .option("values", {
        choices: ["per-second", "count"] as const,
        default: "per-second" as const,
        describe: "Prometheus: what a value means",
      })
      .option("first-day", {
        type: "string",
        default: "2019-07-15",
        requiresArg: true,
        describe: "Azure Functions: date of day 01",
      })
      .option("project", { type: "string", requiresArg: true, describe: "Wikipedia: only this domain code, e.g. de" })
      .option("lenient", { type: "boolean", default: false, describe: "Go on with more than 1 % broken lines" })
      .option("quiet", { type: "boolean", default: false, describe: "No progress, no summary" })
      .example("$0 trace import access.log.gz --out traffic.csv --format 'path/\\.(ts|m4s)$/'", "an access log")
      .example(
        "$0 trace import http://localhost:9090 --query 'sum(rate(http_requests_total[1m]))' --from 2026-01-01 --to 2026-01-15 --out traffic.csv",
        "Prometheus",
      ),
  handler: async (given) => {
    const argv = given as unknown as ImportArguments;
    const { importTrace } = await import("./trace-import-run.js");
    const inputs = argv.inputs.map((input) => (/^https?:\/\//.test(input) ? input : userPath(input)));
    await importTrace({ ...argv, inputs, out: userPath(argv.out) });
  },
};
