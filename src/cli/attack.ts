import type { CommandModule } from "yargs";
import { refuseRepeated, wholeNumber } from "./numbers.js";
import { userPath } from "./paths.js";

export interface AttackArguments {
  readonly file: string;
  readonly policy: string;
  readonly against: string | undefined;
  readonly goal: "slo" | "loss" | "oscillation";
  readonly factor: string | undefined;
  readonly perHour: string | undefined;
  readonly budget: string;
  readonly runs: number | undefined;
  readonly seed: number | undefined;
  readonly threads: number | undefined;
  readonly out: string | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
}

type NumberOption = "runs" | "seed" | "threads";
type Given = Omit<AttackArguments, NumberOption> & Readonly<Record<NumberOption, string | undefined>>;

export const attackCommand: CommandModule<object, object> = {
  command: "attack <scenario>",
  describe: "Search for the smallest world in which a policy fails, and write it as a scenario",
  builder: (yargs) =>
    yargs
      .positional("scenario", { type: "string", demandOption: true, describe: "The world to start from (YAML)" })
      .option("policy", {
        type: "string",
        requiresArg: true,
        demandOption: true,
        describe: "Who is attacked: a policy of the scenario by name or kind, or a kind with its defaults",
      })
      .option("against", { type: "string", requiresArg: true, describe: "The baseline that it is held against" })
      .option("goal", {
        choices: ["slo", "loss", "oscillation"] as const,
        default: "slo" as const,
        requiresArg: true,
        describe: "It misses its SLO; it costs more than the baseline and serves no better; it turns to and fro",
      })
      .option("factor", {
        type: "string",
        requiresArg: true,
        describe: "How far: default 1 (slo), 5 (slo with --against), 1.03 (loss)",
      })
      .option("per-hour", {
        type: "string",
        requiresArg: true,
        describe: "Turns of the wanted count per hour that are oscillation (default 20)",
      })
      .option("budget", { type: "string", default: "10min", requiresArg: true, describe: "How long it may take" })
      .option("runs", {
        type: "string",
        requiresArg: true,
        describe: "Simulations of the search (default 10000): with it alone, the same seed finds the same world",
      })
      .option("seed", { type: "string", requiresArg: true, describe: "Another seed than the scenario's" })
      .option("threads", { type: "string", requiresArg: true, describe: "Worker threads (default: all cores)" })
      .option("out", {
        type: "string",
        requiresArg: true,
        describe: "The scenario to write (default reports/attack-POLICY.yaml)",
      })
      .option("json", { type: "boolean", default: false, describe: "Print the result as JSON" })
      .option("quiet", { type: "boolean", default: false, describe: "No progress, no text" })
      .epilog("Exit code 1: a world was found in which the policy fails. 0: none was found.")
      .example("$0 attack small.yaml --policy hpa --against predictive", "where HPA misses 5 times as much")
      .example("$0 attack small.yaml --policy predictive --against square-root --goal loss", "where it costs 3 % more"),
  handler: async (given) => {
    refuseRepeated(given as Record<string, unknown>, []);
    const argv = given as unknown as Given & { readonly scenario: string };
    const { runAttackCommand } = await import("./attack-run.js");
    await runAttackCommand({
      ...argv,
      file: userPath(argv.scenario),
      out: argv.out === undefined ? undefined : userPath(argv.out),
      runs: wholeNumber("runs", argv.runs, 1),
      seed: wholeNumber("seed", argv.seed, Number.MIN_SAFE_INTEGER),
      threads: wholeNumber("threads", argv.threads, 1),
    });
  },
};
