import type { CommandModule } from "yargs";
import { userPath } from "./paths.js";

export interface StudyArguments {
  /** Undefined: the small study on the traces that ship. */
  readonly traces: string | undefined;
  readonly out: string;
  readonly only: string[] | undefined;
  readonly arms: string[] | undefined;
  readonly spawn: string[];
  readonly replications: number;
  readonly coarse: number;
  readonly parts: string[];
  readonly quiet: boolean;
  readonly threads: number | undefined;
}

export const studyCommand: CommandModule<object, object> = {
  command: "study",
  describe: "Every policy at its best knob on five public traces: frontiers, ablation, where prediction pays",
  builder: (yargs) =>
    yargs
      .option("traces", {
        type: "string",
        requiresArg: true,
        describe: "Folder of the public traces; left out, a small study runs on the traces that ship",
      })
      .option("out", {
        type: "string",
        default: "reports/policy-study",
        requiresArg: true,
        describe: "Folder of the report",
      })
      .option("only", { type: "string", array: true, requiresArg: true, describe: "Only these traces, e.g. nasa" })
      .option("arms", {
        type: "string",
        array: true,
        requiresArg: true,
        describe: "Only these policies of the main part, by name",
      })
      .option("spawn", { type: "string", array: true, default: ["30s", "120s"], describe: "Spawn latencies" })
      .option("replications", { type: "number", default: 10, requiresArg: true, describe: "Paired replications" })
      .option("coarse", { type: "number", default: 1, requiresArg: true, describe: "Replications of the coarse pass" })
      .option("parts", {
        type: "string",
        array: true,
        default: ["main", "guard", "ablation", "forecasters", "map"],
        describe: "Parts of the study",
      })
      .option("quiet", { type: "boolean", default: false, describe: "No progress" })
      .option("threads", { type: "number", requiresArg: true, describe: "Worker threads (default: all cores)" })
      .example("$0 study --traces ~/traces", "the full study; stopped and started again, it goes on where it was"),
  handler: async (given) => {
    const argv = given as unknown as StudyArguments;
    const { runStudy } = await import("./study-run.js");
    await runStudy({
      ...argv,
      out: userPath(argv.out),
      traces: argv.traces === undefined ? undefined : userPath(argv.traces),
    });
  },
};
