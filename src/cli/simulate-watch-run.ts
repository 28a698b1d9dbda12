import { InputError } from "../base/errors.js";
import { readScenario } from "../experiment/scenario-file.js";
import { watch } from "../tui/run/watch.js";
import { simulationSource } from "../tui/source/simulated-run.js";
import { SPEEDS } from "../tui/state/ui-state.js";
import { kebabCase } from "./options/option.js";
import { ExitCode, interruptSignal } from "./outcome.js";
import type { SimulateArguments } from "./simulate.js";
import { changesOf } from "./simulate-run.js";

/** Options of a report, or of several replications: watching has neither. */
const WITHOUT_MEANING = [
  "replications",
  "json",
  "quiet",
  "out",
  "stats",
  "frontier",
  "spawnSweep",
  "explain",
  "chromeTrace",
  "assertSlo",
  "threads",
] as const satisfies readonly (keyof SimulateArguments)[];

/** A day takes a minute and a half. */
const FIRST_SPEED = SPEEDS.indexOf(1000);

/** `headrace simulate FILE --watch`: one run in the terminal; writes no file. */
export async function watchSimulation(argv: SimulateArguments): Promise<void> {
  refuseOthers(argv);
  const scenario = await readScenario(argv.files[0], changesOf(argv));
  process.stderr.write(`${argv.files[0]}: ${scenario.policies[0].name}; seed ${scenario.seed}\n`);
  const interrupt = interruptSignal();
  try {
    const end = await watch(await simulationSource(scenario), FIRST_SPEED, interrupt.signal);
    if (end === "interrupted") process.exitCode = ExitCode.interrupted;
  } finally {
    interrupt.dispose();
  }
}

function refuseOthers(argv: SimulateArguments): void {
  const given = WITHOUT_MEANING.find((name) => argv[name] !== undefined && argv[name] !== false);
  if (given !== undefined) {
    throw new InputError({
      code: "HR1006",
      got: `--watch with --${kebabCase(given)}`,
      expected: "--watch without it: one run is shown, and no report is written",
      remedy: "Watch first, then run it again without --watch",
    });
  }
  if (argv.files.length > 1) {
    throw new InputError({
      code: "HR1006",
      got: `--watch with ${argv.files.length} scenarios`,
      expected: "one scenario",
      remedy: "Watch them separately",
    });
  }
}
