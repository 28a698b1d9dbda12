import { resolve } from "node:path";
import type { CommandModule } from "yargs";
import { positiveNumber, refuseRepeated, wholeNumber } from "./numbers.js";
import { userPath } from "./paths.js";

export interface SimulateArguments {
  readonly files: string[];
  readonly policy: string[] | undefined;
  readonly seed: number | undefined;
  readonly replications: number | undefined;
  readonly duration: string | undefined;
  readonly trace: string | undefined;
  readonly traceScale: number | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly out: string | undefined;
  readonly stats: string | undefined;
  readonly assertSlo: "met" | "proved" | undefined;
  readonly frontier: boolean;
  readonly spawnSweep: boolean;
  readonly explain: string | undefined;
  readonly chromeTrace: string | undefined;
  readonly threads: number | undefined;
}

/** As yargs hands it over: numbers are still text, so that a fault can show what was written. */
type Given = Omit<SimulateArguments, NumberOption> & Readonly<Record<NumberOption, string | undefined>>;
type NumberOption = "seed" | "replications" | "threads" | "traceScale";

export const simulateCommand: CommandModule<object, object> = {
  command: "simulate <files..>",
  describe: "Simulate scenarios: every policy, paired replications, a table and a report",
  builder: (yargs) =>
    yargs
      .positional("files", { type: "string", array: true, demandOption: true, describe: "Scenario files (YAML)" })
      .option("policy", {
        type: "string",
        array: true,
        requiresArg: true,
        describe: "Only these policies (by name, kind or module); the first is the baseline",
      })
      .option("seed", { type: "string", requiresArg: true, describe: "Another seed" })
      .option("replications", { type: "string", requiresArg: true, describe: "Another number of paired replications" })
      .option("duration", { type: "string", requiresArg: true, describe: "Another duration, e.g. 2h" })
      .option("trace", {
        type: "string",
        requiresArg: true,
        describe: "Simulate this trace (CSV) instead of the scenario's traffic",
      })
      .option("trace-scale", {
        type: "string",
        requiresArg: true,
        describe: "Requests per request of the trace (1 = its own level)",
      })
      .option("json", { type: "boolean", default: false, describe: "Print the result as JSON, write no report" })
      .option("quiet", { type: "boolean", default: false, describe: "No progress, no table; only the report" })
      .option("out", { type: "string", requiresArg: true, describe: "Folder of the report (default reports/<name>)" })
      .option("stats", {
        type: "string",
        requiresArg: true,
        describe: "Write events, wallMs and peakRssBytes of the run to this file",
      })
      .option("frontier", {
        type: "boolean",
        default: false,
        describe: "Also sweep each policy's aggressiveness: cost at matched SLO, violations at matched cost",
      })
      .option("spawn-sweep", {
        type: "boolean",
        default: false,
        describe: "Also compare the frontiers at spawn latencies from 50 ms to 180 s: where does prediction pay?",
      })
      .option("explain", {
        type: "string",
        requiresArg: true,
        describe: "Instead of a report: what each policy saw at this time (19:42) and why it chose what it chose",
      })
      .option("chrome-trace", {
        type: "string",
        requiresArg: true,
        describe: "Also write the first replication as a trace for Perfetto or chrome://tracing",
      })
      .option("assert-slo", {
        type: "string",
        choices: ["met", "proved"],
        describe: "Exit with 1 if too few replications of a policy meet the SLO; =proved: or too few to prove it",
      })
      .option("threads", { type: "string", requiresArg: true, describe: "Worker threads (default: all cores)" })
      .example("$0 simulate scenarios/evening-peak.yaml", "the shipped scenario")
      .example("$0 simulate mine.yaml --trace traffic.csv --seed 7", "your traffic, another seed"),
  handler: async (given) => {
    refuseRepeated(given as Record<string, unknown>, ["files", "policy"]);
    const argv = given as unknown as Given;
    const { simulateFiles } = await import("./simulate-run.js");
    const out = argv.out === undefined ? undefined : userPath(argv.out);
    const stats = argv.stats === undefined ? undefined : userPath(argv.stats);
    const trace = argv.trace === undefined ? undefined : userPath(argv.trace);
    const policy = argv.policy?.map((wish) => (/[/\\]/.test(wish) ? resolve(userPath(wish)) : wish));
    const chromeTrace = argv.chromeTrace === undefined ? undefined : userPath(argv.chromeTrace);
    const seed = wholeNumber("seed", argv.seed, Number.MIN_SAFE_INTEGER);
    const replications = wholeNumber("replications", argv.replications, 1);
    const threads = wholeNumber("threads", argv.threads, 1);
    const traceScale = positiveNumber("trace-scale", argv.traceScale);
    const numbers = { seed, replications, threads, traceScale };
    const paths = { files: argv.files.map(userPath), policy, out, stats, trace, chromeTrace };
    await simulateFiles({ ...argv, ...numbers, ...paths });
  },
};
