import type { CommandModule } from "yargs";
import { userPath } from "./paths.js";

export interface ReplayArguments {
  readonly log: string;
  readonly policy: string | undefined;
  readonly scenario: string | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
}

export const replayCommand: CommandModule<object, object> = {
  command: "replay <log>",
  describe: "Replay a live run's log: the same decisions (exit code 1 if not), or those of another policy",
  builder: (yargs) =>
    yargs
      .positional("log", { type: "string", demandOption: true, describe: "Run log (JSONL) of headrace live" })
      .option("policy", {
        type: "string",
        requiresArg: true,
        describe: "Another policy under the same arrivals: one of the scenario's by name, or a built-in kind",
      })
      .option("scenario", {
        type: "string",
        requiresArg: true,
        implies: "policy",
        describe: "Take the policy, with its knobs, from this scenario file",
      })
      .option("json", { type: "boolean", default: false, describe: "Print the outcome as JSON" })
      .option("quiet", { type: "boolean", default: false, describe: "Only the exit code and what differs" })
      .example("$0 replay reports/live-small/run.jsonl", "does every decision come out byte for byte?")
      .example("$0 replay run.jsonl --policy hpa", "what if it had been hpa?"),
  handler: async (given) => {
    const argv = given as unknown as ReplayArguments;
    const { replayLog } = await import("./replay-run.js");
    const scenario = argv.scenario === undefined ? undefined : userPath(argv.scenario);
    await replayLog({ ...argv, log: userPath(argv.log), scenario });
  },
};
