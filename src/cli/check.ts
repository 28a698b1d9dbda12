import type { CommandModule } from "yargs";
import { refuseRepeated, wholeNumber } from "./numbers.js";
import { userPath } from "./paths.js";

export interface CheckArguments {
  readonly file: string;
  readonly init: string | undefined;
  readonly update: boolean;
  readonly reason: string | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly junit: string | undefined;
  readonly markdown: string | undefined;
  readonly annotations: boolean;
  readonly threads: number | undefined;
}

export const checkCommand: CommandModule<object, object> = {
  command: "check [file]",
  describe: "Gate policies in CI: did this change make a figure worse? Exit code 1 where it did",
  builder: (yargs) =>
    yargs
      .positional("file", {
        type: "string",
        default: "regression.yaml",
        describe: "Scenarios, policies, metrics with tolerances, and the baseline (YAML)",
      })
      .option("init", {
        type: "string",
        requiresArg: true,
        describe: "Write the gate's file and its baseline for this scenario",
      })
      .option("update", { type: "boolean", default: false, describe: "Accept the present figures as the baseline" })
      .option("reason", { type: "string", requiresArg: true, describe: "Why they are accepted; kept in the baseline" })
      .option("json", { type: "boolean", default: false, describe: "Print the verdict as JSON" })
      .option("quiet", { type: "boolean", default: false, describe: "No progress, no table; only the exit code" })
      .option("junit", { type: "string", requiresArg: true, describe: "Also write JUnit XML to this file" })
      .option("markdown", {
        type: "string",
        requiresArg: true,
        describe: "Also write Markdown for a pull request to this file",
      })
      .option("annotations", {
        type: "boolean",
        default: process.env.GITHUB_ACTIONS === "true",
        describe: "Also print GitHub annotations (default: in GitHub Actions)",
      })
      .option("threads", { type: "string", requiresArg: true, describe: "Worker threads (default: all cores)" })
      .example("$0 check --init scenarios/evening-peak.yaml", "a gate for a scenario")
      .example('$0 check --update --reason "higher headroom at night"', "accept what the gate shows"),
  handler: async (given) => {
    refuseRepeated(given as Record<string, unknown>, []);
    const argv = given as unknown as Omit<CheckArguments, "threads"> & { readonly threads: string | undefined };
    const path = (value: string | undefined): string | undefined => (value === undefined ? undefined : userPath(value));
    const { runCheckCommand } = await import("./check-run.js");
    await runCheckCommand({
      ...argv,
      file: userPath(argv.file),
      init: path(argv.init),
      junit: path(argv.junit),
      markdown: path(argv.markdown),
      threads: wholeNumber("threads", argv.threads, 1),
    });
  },
};
