import { command } from "./options/command.js";
import { text, whole } from "./options/kinds.js";
import { flag, type OptionValues, required } from "./options/option.js";

const options = {
  redis: required(text("Address: redis://host:6379")),
  threads: whole("Runs at once (default: all cores)", { least: 1 }),
  idleExit: whole("End after so many seconds without work", { least: 1 }),
  quiet: flag("No messages"),
};

export type WorkerArguments = OptionValues<typeof options>;

export const workerCommand = command({
  command: "worker",
  describe: "Do the runs of sweeps that wait in a Redis queue; start as many as you like, on any machine",
  positionals: {},
  options,
  examples: [
    ["worker --redis redis://queue.local:6379", "until Ctrl-C; a run under way is finished first"],
    ["worker --redis redis://queue.local:6379 --threads 4", "four runs at once"],
  ],
  async run(argv) {
    const { QUEUE_PACKAGE, withPackage } = await import("../forecasting/optional-package.js");
    const { runWorker } = await withPackage(QUEUE_PACKAGE, () => import("./worker-run.js"));
    await runWorker(argv);
  },
});
