import type { CommandModule } from "yargs";
import { positiveNumber, refuseRepeated, wholeNumber } from "./numbers.js";
import { userPath } from "./paths.js";

export interface PlanArguments {
  readonly file: string;
  readonly variable: readonly string[];
  readonly confidence: number | undefined;
  readonly seed: number | undefined;
  readonly threads: number | undefined;
  readonly quick: boolean;
  readonly budget: string | undefined;
  readonly growth: string | undefined;
  readonly until: string | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly out: string | undefined;
  readonly keep: string | undefined;
  readonly stats: string | undefined;
  readonly export: string | undefined;
  readonly patch: string | undefined;
}

/** As yargs hands it over: numbers are still text, so that a fault can show what was written. */
type Given = Omit<PlanArguments, NumberOption | "variable"> &
  Readonly<Record<NumberOption, string | undefined>> & { readonly variable: string[] | undefined };
type NumberOption = "confidence" | "seed" | "threads";

export const planCommand: CommandModule<object, object> = {
  command: "plan <file>",
  describe: "The cheapest fleet that meets the SLO, with a proof: hosts, policy, knobs, what it survives",
  builder: (yargs) =>
    yargs
      .positional("file", { type: "string", demandOption: true, describe: "Scenario file (YAML), with a section plan" })
      .option("variable", {
        type: "string",
        array: true,
        requiresArg: true,
        describe: "PATH=FROM..TO..STEP or PATH=A,B,C: something to choose (replaces the file's range of that path)",
      })
      .option("confidence", { type: "string", requiresArg: true, describe: "Confidence of the promise (default 0.95)" })
      .option("quick", {
        type: "boolean",
        default: false,
        describe: "Sizes only: bounds and estimates in milliseconds, no simulation",
      })
      .option("budget", {
        type: "string",
        requiresArg: true,
        describe: "The other way round: the best SLO for this money, e.g. 2000/month",
      })
      .option("growth", { type: "string", requiresArg: true, describe: "Also the months ahead, e.g. 30%/quarter" })
      .option("until", { type: "string", requiresArg: true, describe: "The last month of --growth, e.g. 2027-12" })
      .option("seed", { type: "string", requiresArg: true, describe: "Another seed" })
      .option("json", { type: "boolean", default: false, describe: "Print the plan as JSON" })
      .option("quiet", { type: "boolean", default: false, describe: "No progress, no table" })
      .option("out", {
        type: "string",
        requiresArg: true,
        describe: "Folder of the report (default reports/<name>-plan)",
      })
      .option("keep", {
        type: "string",
        requiresArg: true,
        describe:
          "Also write what each phase found, and every simulated day, to this folder; a stopped plan goes on there",
      })
      .option("export", {
        type: "string",
        requiresArg: true,
        describe: "Also write manifests to this folder: HPA, KEDA, Knative, CapacityBuffer, NodePool, AWS, scenario",
      })
      .option("patch", {
        type: "string",
        requiresArg: true,
        describe: "Print how this HPA manifest differs from the plan's",
      })
      .option("stats", {
        type: "string",
        requiresArg: true,
        describe: "Write events, wallMs and peakRssBytes to this file",
      })
      .option("threads", { type: "string", requiresArg: true, describe: "Worker threads (default: all cores)" })
      .example("$0 plan scenarios/plan-evening.yaml", "two regions, prices, one host may fail")
      .example("$0 plan mine.yaml --variable fleet.regions.eu.hosts=2..20..1", "hosts of one region"),
  handler: async (given) => {
    refuseRepeated(given as Record<string, unknown>, ["variable"]);
    const argv = given as unknown as Given;
    const { runPlan } = await import("./plan-run.js");
    const path = (written: string | undefined): string | undefined =>
      written === undefined ? undefined : userPath(written);
    await runPlan({
      ...argv,
      variable: argv.variable ?? [],
      file: userPath(argv.file),
      confidence: positiveNumber("confidence", argv.confidence),
      seed: wholeNumber("seed", argv.seed, Number.MIN_SAFE_INTEGER),
      threads: wholeNumber("threads", argv.threads, 1),
      out: path(argv.out),
      keep: path(argv.keep),
      stats: path(argv.stats),
      export: path(argv.export),
      patch: path(argv.patch),
    });
  },
};
