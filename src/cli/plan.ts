import { command } from "./options/command.js";
import { engineOptions } from "./options/engine.js";
import { number, path, text, whole } from "./options/kinds.js";
import { flag, list, type OptionValues, required } from "./options/option.js";

const positionals = { file: required(path("Scenario file (YAML), with a section plan")) };

const options = {
  variable: list(
    text("PATH=FROM..TO..STEP or PATH=A,B,C: something to choose (replaces the file's range of that path)"),
  ),
  confidence: number("Confidence of the promise (default 0.95)", { above: 0.5, below: 1 }),
  mayMiss: whole("Days of each sample that may miss the SLO (default 0: of 59; 1: of 93; 2: of 124)", {
    least: 0,
    most: 5,
  }),
  quick: flag("Sizes only: bounds and estimates in milliseconds, no simulation"),
  budget: text("The other way round: the best SLO for this money, e.g. 2000/month"),
  growth: text("Also the months ahead, e.g. 30%/quarter"),
  until: text("The last month of --growth, e.g. 2027-12"),
  seed: whole("Another seed"),
  json: flag("Print the plan as JSON"),
  quiet: flag("No progress, no table"),
  out: path("Folder of the report (default reports/<name>-plan)"),
  keep: path("Also write what each phase found, and every simulated day, to this folder; a stopped plan goes on there"),
  export: path("Also write manifests to this folder: HPA, KEDA, Knative, CapacityBuffer, NodePool, AWS, scenario"),
  patch: path("Print how this HPA manifest differs from the plan's"),
  stats: path("Write events, wallMs and peakRssBytes to this file"),
  ...engineOptions,
};

export type PlanArguments = OptionValues<typeof positionals> & OptionValues<typeof options>;

export const planCommand = command({
  command: "plan <file>",
  describe: "The cheapest fleet that meets the SLO, with a proof: hosts, policy, knobs, what it survives",
  positionals,
  options,
  examples: [
    ["plan scenarios/plan-evening.yaml", "two regions, prices, one host may fail"],
    ["plan mine.yaml --variable fleet.regions.eu.hosts=2..20..1", "hosts of one region"],
  ],
  async run(argv) {
    const { runPlan } = await import("./plan-run.js");
    await runPlan(argv);
  },
});
