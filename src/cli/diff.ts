import { resolve } from "node:path";
import type { CommandModule } from "yargs";
import { refuseRepeated, wholeNumber } from "./numbers.js";
import { userPath } from "./paths.js";

export interface DiffArguments {
  readonly a: string;
  /** Undefined where two versions of a policy are compared on the scenario `a`. */
  readonly b: string | undefined;
  readonly policy: string | undefined;
  readonly against: string | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly out: string | undefined;
  readonly threads: number | undefined;
}

export const diffCommand: CommandModule<object, object> = {
  command: "diff <a> [b]",
  describe: "What differs: two results, two run logs, or two versions of a policy on a scenario",
  builder: (yargs) =>
    yargs
      .positional("a", {
        type: "string",
        demandOption: true,
        describe: "Result (file or report folder), run log, or scenario",
      })
      .positional("b", { type: "string", describe: "The other result or run log" })
      .option("policy", { type: "string", requiresArg: true, describe: "The older policy: module or kind" })
      .option("against", { type: "string", requiresArg: true, describe: "The newer policy: module or kind" })
      .option("json", { type: "boolean", default: false, describe: "Print the difference as JSON" })
      .option("quiet", { type: "boolean", default: false, describe: "No progress, no table" })
      .option("out", {
        type: "string",
        requiresArg: true,
        describe: "Also write index.html and diff.json to this folder",
      })
      .option("threads", { type: "string", requiresArg: true, describe: "Worker threads (default: all cores)" })
      .example("$0 diff reports/monday reports/tuesday", "two results")
      .example("$0 diff scenarios/own-policy.yaml --policy old.ts --against new.ts", "two versions of a policy"),
  handler: async (given) => {
    refuseRepeated(given as Record<string, unknown>, []);
    const argv = given as unknown as Omit<DiffArguments, "threads"> & { readonly threads: string | undefined };
    const policy = (text: string | undefined): string | undefined =>
      text !== undefined && /[/\\.]/.test(text) ? resolve(userPath(text)) : text;
    const { runDiff } = await import("./diff-run.js");
    await runDiff({
      ...argv,
      a: userPath(argv.a),
      b: argv.b === undefined ? undefined : userPath(argv.b),
      policy: policy(argv.policy),
      against: policy(argv.against),
      out: argv.out === undefined ? undefined : userPath(argv.out),
      threads: wholeNumber("threads", argv.threads, 1),
    });
  },
};
