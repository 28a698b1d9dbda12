import { command } from "./options/command.js";
import { choice, number, path, policy, quantityText, text, whole } from "./options/kinds.js";
import { flag, list, type OptionValues, required } from "./options/option.js";

const positionals = { files: required(list(path("Scenario files (YAML)"))) };

const options = {
  policy: list(policy("Only these policies (by name, kind or module); the first is the baseline")),
  seed: whole("Another seed"),
  replications: whole("Another number of paired replications", { least: 1 }),
  duration: quantityText("Another duration, e.g. 2h", "duration"),
  trace: path("Simulate this trace (CSV) instead of the scenario's traffic"),
  traceScale: number("Requests per request of the trace (1 = its own level)", { above: 0 }),
  json: flag("Print the result as JSON, write no report"),
  quiet: flag("No progress, no table; only the report"),
  out: path("Folder of the report (default reports/<name>)"),
  stats: path("Write events, wallMs and peakRssBytes of the run to this file"),
  frontier: flag("Also sweep each policy's aggressiveness: cost at matched SLO, violations at matched cost"),
  spawnSweep: flag("Also compare the frontiers at spawn latencies from 50 ms to 180 s: where does prediction pay?"),
  explain: text(
    "Instead of a report: what each policy saw and chose, waits, losses and " +
      "crashes, at a time (19:42) or in a range (19:30..19:45 Europe/Berlin)",
  ),
  chromeTrace: path("Also write the first replication as a trace for Perfetto or chrome://tracing"),
  assertSlo: choice("Exit with 1 if too few replications of a policy meet the SLO; =proved: or too few to prove it", [
    "met",
    "proved",
  ]),
  watch: flag("Watch the first policy in the terminal as it is simulated; s puts another beside it. No report"),
  threads: whole("Worker threads (default: as many as the runs keep busy, up to all cores)", { least: 1 }),
};

export type SimulateArguments = OptionValues<typeof positionals> & OptionValues<typeof options>;

export const simulateCommand = command({
  command: "simulate <files..>",
  describe: "Simulate scenarios: every policy, paired replications, a table and a report",
  positionals,
  options,
  examples: [
    ["simulate scenarios/evening-peak.yaml", "the shipped scenario"],
    ["simulate mine.yaml --trace traffic.csv --seed 7", "your traffic, another seed"],
    ["simulate scenarios/evening-peak.yaml --watch", "watch it in the terminal"],
  ],
  async run(argv) {
    if (argv.watch) {
      const { watchSimulation } = await import("./simulate-watch-run.js");
      await watchSimulation(argv);
      return;
    }
    const { simulateFiles } = await import("./simulate-run.js");
    await simulateFiles(argv);
  },
});
