import type { CommandModule } from "yargs";
import { userPath } from "./paths.js";

export interface CalibrateArguments {
  readonly out: string;
  readonly quick: boolean;
  readonly class: "node" | "native" | "zygote";
  readonly json: boolean;
  readonly quiet: boolean;
}

export const calibrateCommand: CommandModule<object, object> = {
  command: "calibrate",
  describe: "Measure this machine with real streamlet processes, for spawn: {profile: FILE} in scenarios",
  builder: (yargs) =>
    yargs
      .option("out", { type: "string", default: "calibration.json", requiresArg: true, describe: "The profile" })
      .option("quick", { type: "boolean", default: false, describe: "In seconds, with wider quantiles" })
      .option("class", {
        choices: ["node", "native", "zygote"] as const,
        default: "node",
        requiresArg: true,
        describe: "Whose spawn times scenarios get from the file",
      })
      .option("json", { type: "boolean", default: false, describe: "Print the profile, write no file" })
      .option("quiet", { type: "boolean", default: false, describe: "No progress, no table" })
      .example("$0 calibrate --quick", "then, in a scenario: spawn: {profile: calibration.json}"),
  handler: async (given) => {
    const argv = given as unknown as CalibrateArguments;
    const { runCalibration } = await import("./calibrate-run.js");
    await runCalibration({ ...argv, out: userPath(argv.out) });
  },
};
