import { command } from "./options/command.js";
import { choice, number, path, quantity, text, whole } from "./options/kinds.js";
import { flag, type OptionValues, required, withDefault } from "./options/option.js";

const positionals = { scenario: required(path("The world to start from (YAML)")) };

const options = {
  policy: required(text("Policy to attack: one of the scenario, by name or kind, or a kind with its defaults")),
  against: text("The baseline that it is held against"),
  goal: withDefault(
    choice("It misses its SLO; it costs more than the baseline and serves no better; it turns to and fro", [
      "slo",
      "loss",
      "oscillation",
    ]),
    "slo",
  ),
  factor: number("How far: default 1 (slo), 5 (slo with --against), 1.03 (loss)", { least: 1 }),
  perHour: number("Changes of direction of the wanted count per hour that count as oscillation (default 20)", {
    above: 0,
  }),
  budget: withDefault(quantity("How long it may take", "duration", { least: 1000 }), "10min"),
  runs: whole("Simulations of the search (default 10000): with it alone, the same seed finds the same world", {
    least: 1,
  }),
  seed: whole("Another seed than the scenario's"),
  threads: whole("Worker threads (default: all cores)", { least: 1 }),
  out: path("The scenario to write (default reports/attack-POLICY.yaml)"),
  json: flag("Print the result as JSON"),
  quiet: flag("No progress, no text"),
};

export type AttackArguments = OptionValues<typeof positionals> & OptionValues<typeof options>;

export const attackCommand = command({
  command: "attack <scenario>",
  describe: "Search for the smallest world in which a policy fails, and write it as a scenario",
  positionals,
  options,
  epilog: "Exit code 1: a world was found in which the policy fails. 0: none was found.",
  examples: [
    ["attack small.yaml --policy hpa --against predictive", "where HPA misses 5 times as much"],
    ["attack small.yaml --policy predictive --against square-root --goal loss", "where it costs 3 % more"],
  ],
  async run(argv) {
    const { runAttackCommand } = await import("./attack-run.js");
    await runAttackCommand(argv);
  },
});
