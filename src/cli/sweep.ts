import { command } from "./options/command.js";
import { engineOptions } from "./options/engine.js";
import { choice, path, quantity, text, whole } from "./options/kinds.js";
import { flag, list, type OptionValues, required, withDefault } from "./options/option.js";

const LEAST_MEMORY_BYTES = 64 * 1_048_576;

const file = required(path("The sweep (YAML)"));
const positionals = { file };

const options = {
  out: path("Folder of runs and report (default reports/<file>)"),
  ...engineOptions,
  shard: text("Only part i of n, e.g. 3/10 (Slurm arrays: from the environment)"),
  shards: whole("How many parts, where the environment says only which (JOB_COMPLETION_INDEX)", { least: 1 }),
  seed: whole("Another seed than the scenario's"),
  memory: quantity("Memory for all threads together, e.g. 4GiB", "bytes", { least: LEAST_MEMORY_BYTES }),
  dryRun: flag("Only print how many runs it is, and about how long they take"),
  keepGoing: flag("Count runs that fail, and do the others"),
  json: flag("Print the result as JSON"),
  quiet: flag("No progress, no table"),
  progress: withDefault(choice("Progress on stderr as text, or as JSON lines", ["bar", "json"]), "bar"),
};

export type SweepArguments = OptionValues<typeof positionals> & OptionValues<typeof options>;

const mergePositionals = { file, folders: required(list(path("Folders that shards wrote"))) };

const mergeOptions = {
  out: required(path("Folder that takes all runs")),
  seed: whole("The seed that the shards were given"),
  json: flag("Print the result as JSON"),
  quiet: flag("No table"),
};

export type MergeArguments = OptionValues<typeof mergePositionals> & OptionValues<typeof mergeOptions>;

const mergeCommand = command({
  command: "merge <file> <folders..>",
  describe: "Bring the runs of several folders together, and summarise them",
  positionals: mergePositionals,
  options: mergeOptions,
  examples: [
    ["sweep merge sweep.yaml part-1 part-2 --out all", "two shards that wrote to folders of their own"],
    ["sweep merge sweep.yaml shards/* --out all --json", "the merged result for a script"],
  ],
  async run(argv) {
    const { mergeSweeps } = await import("./sweep-run.js");
    await mergeSweeps(argv);
  },
});

export const sweepCommand = command({
  command: "sweep <file>",
  describe: "Run a scenario over ranges of its values, on threads, machines or a cluster; name the best setting",
  positionals,
  options,
  subcommands: [mergeCommand],
  examples: [
    ["sweep sweep.yaml --dry-run", "how many runs, how long"],
    ["sweep sweep.yaml --redis redis://localhost:6379", "on workers: headrace worker --redis …"],
  ],
  async run(argv) {
    const { runSweepCommand } = await import("./sweep-run.js");
    await runSweepCommand(argv);
  },
});
