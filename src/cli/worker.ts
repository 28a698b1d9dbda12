import type { CommandModule } from "yargs";
import { refuseRepeated, wholeNumber } from "./numbers.js";

export interface WorkerArguments {
  readonly redis: string;
  readonly threads: number | undefined;
  readonly quiet: boolean;
  readonly idleExit: number | undefined;
}

export const workerCommand: CommandModule<object, object> = {
  command: "worker",
  describe: "Do the runs of sweeps that wait in a Redis queue; start as many as you like, on any machine",
  builder: (yargs) =>
    yargs
      .option("redis", {
        type: "string",
        requiresArg: true,
        demandOption: true,
        describe: "Address: redis://host:6379",
      })
      .option("threads", { type: "string", requiresArg: true, describe: "Runs at once (default: all cores)" })
      .option("idle-exit", { type: "string", requiresArg: true, describe: "End after so many seconds without work" })
      .option("quiet", { type: "boolean", default: false, describe: "No messages" })
      .example("$0 worker --redis redis://queue.local:6379", "until Ctrl-C; a run under way is finished first"),
  handler: async (given) => {
    refuseRepeated(given as Record<string, unknown>, []);
    const argv = given as unknown as Omit<WorkerArguments, "threads" | "idleExit"> &
      Readonly<Record<"threads" | "idleExit", string | undefined>>;
    const { runWorker } = await import("./worker-run.js");
    await runWorker({
      ...argv,
      threads: wholeNumber("threads", argv.threads, 1),
      idleExit: wholeNumber("idle-exit", argv.idleExit, 1),
    });
  },
};
