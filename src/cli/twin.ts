import type { CommandModule } from "yargs";
import { userPath } from "./paths.js";

export interface TwinArguments {
  readonly file: string;
  readonly policy: string | undefined;
  readonly seed: number | undefined;
  readonly duration: string | undefined;
  readonly runtime: "node" | "native" | "zygote";
  readonly profile: string | undefined;
  readonly out: string | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
}

export const twinCommand: CommandModule<object, object> = {
  command: "twin <file>",
  describe: "Run a scenario live, twice, and simulated with this machine's spawn times; the error of each metric",
  builder: (yargs) =>
    yargs
      .positional("file", { type: "string", demandOption: true, describe: "Scenario file (YAML)" })
      .option("policy", {
        type: "string",
        requiresArg: true,
        describe: "This policy (by name or kind); default the first",
      })
      .option("seed", { type: "number", requiresArg: true, describe: "Another seed" })
      .option("duration", { type: "string", requiresArg: true, describe: "Another duration, e.g. 20s" })
      .option("runtime", {
        choices: ["node", "native", "zygote"] as const,
        default: "node" as const,
        describe: "Node processes, the ultra-light C ones, or those forked from a zygote",
      })
      .option("profile", {
        type: "string",
        requiresArg: true,
        describe: "Profile of this machine (headrace calibrate); a quick one is made if left out",
      })
      .option("out", { type: "string", requiresArg: true, describe: "Folder (default reports/<name>-twin)" })
      .option("json", { type: "boolean", default: false, describe: "Print the outcome as JSON, too" })
      .option("quiet", { type: "boolean", default: false, describe: "No messages, no table" })
      .example("$0 twin scenarios/live-small.yaml", "twenty seconds, twice, then simulated"),
  handler: async (given) => {
    const argv = given as unknown as TwinArguments;
    const { runTwin } = await import("./twin-run.js");
    const path = (file: string | undefined): string | undefined => (file === undefined ? undefined : userPath(file));
    await runTwin({ ...argv, file: userPath(argv.file), profile: path(argv.profile), out: path(argv.out) });
  },
};
