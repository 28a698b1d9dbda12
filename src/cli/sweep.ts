import type { CommandModule } from "yargs";
import { refuseRepeated, wholeNumber } from "./numbers.js";
import { userPath } from "./paths.js";

export interface SweepArguments {
  readonly file: string;
  readonly out: string | undefined;
  readonly engine: "local" | "queue";
  readonly redis: string | undefined;
  readonly shard: string | undefined;
  readonly shards: number | undefined;
  readonly seed: number | undefined;
  readonly threads: number | undefined;
  readonly memory: string | undefined;
  readonly dryRun: boolean;
  readonly keepGoing: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly progress: "bar" | "json";
}

type NumberOption = "shards" | "seed" | "threads";
type Given = Omit<SweepArguments, NumberOption> & Readonly<Record<NumberOption, string | undefined>>;

export interface MergeArguments {
  readonly file: string;
  readonly folders: string[];
  readonly out: string;
  readonly seed: number | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
}

export const sweepCommand: CommandModule<object, object> = {
  command: "sweep <file>",
  describe: "Run a scenario over ranges of its values, on threads, machines or a cluster; name the best setting",
  builder: (yargs) =>
    yargs
      .command(mergeCommand)
      .positional("file", { type: "string", demandOption: true, describe: "The sweep (YAML)" })
      .option("out", {
        type: "string",
        requiresArg: true,
        describe: "Folder of runs and report (default reports/<file>)",
      })
      .option("engine", {
        choices: ["local", "queue"] as const,
        default: "local" as const,
        requiresArg: true,
        describe: "Threads of this machine, or workers on a Redis queue",
      })
      .option("redis", { type: "string", requiresArg: true, describe: "Address for --engine queue: redis://host:6379" })
      .option("shard", {
        type: "string",
        requiresArg: true,
        describe: "Only part i of n, e.g. 3/10 (Slurm arrays: from the environment)",
      })
      .option("shards", {
        type: "string",
        requiresArg: true,
        describe: "How many parts, where the environment says only which (JOB_COMPLETION_INDEX)",
      })
      .option("seed", { type: "string", requiresArg: true, describe: "Another seed than the scenario's" })
      .option("threads", { type: "string", requiresArg: true, describe: "Worker threads (default: all cores)" })
      .option("memory", {
        type: "string",
        requiresArg: true,
        describe: "What all threads together may take, e.g. 4GiB",
      })
      .option("dry-run", {
        type: "boolean",
        default: false,
        describe: "Only print how many runs it is, and about how long they take",
      })
      .option("keep-going", { type: "boolean", default: false, describe: "Count runs that fail, and do the others" })
      .option("json", { type: "boolean", default: false, describe: "Print the result as JSON" })
      .option("quiet", { type: "boolean", default: false, describe: "No progress, no table" })
      .option("progress", {
        choices: ["bar", "json"] as const,
        default: "bar" as const,
        requiresArg: true,
        describe: "Progress on stderr as text, or as JSON lines",
      })
      .example("$0 sweep sweep.yaml --dry-run", "how many runs, how long")
      .example(
        "$0 sweep sweep.yaml --engine queue --redis redis://localhost:6379",
        "on workers: headrace worker --redis …",
      ),
  handler: async (given) => {
    refuseRepeated(given as Record<string, unknown>, []);
    const argv = given as unknown as Given;
    const { runSweepCommand } = await import("./sweep-run.js");
    await runSweepCommand({
      ...argv,
      file: userPath(argv.file),
      out: argv.out === undefined ? undefined : userPath(argv.out),
      shards: wholeNumber("shards", argv.shards, 1),
      seed: wholeNumber("seed", argv.seed, Number.MIN_SAFE_INTEGER),
      threads: wholeNumber("threads", argv.threads, 1),
    });
  },
};

const mergeCommand: CommandModule<object, object> = {
  command: "merge <file> <folders..>",
  describe: "Bring the runs of several folders together, and summarise them",
  builder: (yargs) =>
    yargs
      .positional("file", { type: "string", demandOption: true, describe: "The sweep (YAML)" })
      .positional("folders", { type: "string", array: true, demandOption: true, describe: "Folders that shards wrote" })
      .option("out", { type: "string", requiresArg: true, demandOption: true, describe: "Folder that takes all runs" })
      .option("seed", { type: "string", requiresArg: true, describe: "The seed that the shards were given" })
      .option("json", { type: "boolean", default: false, describe: "Print the result as JSON" })
      .option("quiet", { type: "boolean", default: false, describe: "No table" })
      .example("$0 sweep merge sweep.yaml part-1 part-2 --out all", "two shards that wrote to folders of their own"),
  handler: async (given) => {
    refuseRepeated(given as Record<string, unknown>, ["folders"]);
    const argv = given as unknown as Omit<MergeArguments, "seed"> & { readonly seed: string | undefined };
    const { mergeSweeps } = await import("./sweep-run.js");
    await mergeSweeps({
      ...argv,
      file: userPath(argv.file),
      folders: argv.folders.map(userPath),
      out: userPath(argv.out),
      seed: wholeNumber("seed", argv.seed, Number.MIN_SAFE_INTEGER),
    });
  },
};
