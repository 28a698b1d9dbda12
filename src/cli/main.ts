import { packageVersion } from "../experiment/version.js";
import { attackCommand } from "./attack.js";
import { calibrateCommand } from "./calibrate.js";
import { checkCommand } from "./check.js";
import { hideBin, writtenOut, yargs } from "./command-line.js";
import { diffCommand } from "./diff.js";
import { forecastCommand } from "./forecast.js";
import { liveCommand } from "./live.js";
import { prepareProcess, reportFailure, usageError } from "./outcome.js";
import { planCommand } from "./plan.js";
import { replayCommand } from "./replay.js";
import { scenarioCommand } from "./scenario.js";
import { simulateCommand } from "./simulate.js";
import { studyCommand } from "./study.js";
import { sweepCommand } from "./sweep.js";
import { traceCommand } from "./trace.js";
import { twinCommand } from "./twin.js";
import { validateCommand } from "./validate.js";
import { workerCommand } from "./worker.js";

/** Runs the command line and sets the exit code. Commands load what they need when they run: help stays under 0.3 s. */
export async function main(argv: readonly string[]): Promise<void> {
  prepareProcess();
  try {
    await yargs(writtenOut(hideBin([...argv])))
      .scriptName("headrace")
      .usage(
        "$0 <command>\n\nSimulates fleets of streamlets, and says with evidence which scaling policy serves them best.",
      )
      .command(simulateCommand)
      .command(attackCommand)
      .command(calibrateCommand)
      .command(checkCommand)
      .command(diffCommand)
      .command(forecastCommand)
      .command(planCommand)
      .command(replayCommand)
      .command(scenarioCommand)
      .command(traceCommand)
      .command(studyCommand)
      .command(sweepCommand)
      .command(workerCommand)
      .command(twinCommand)
      .command(validateCommand)
      .command(liveCommand)
      .demandCommand(1, "Name a command.")
      .strict()
      .recommendCommands()
      .version(packageVersion())
      .alias("help", "h")
      .wrap(100)
      .fail(usageError)
      .parseAsync();
  } catch (error) {
    reportFailure(error);
  }
}

await main(process.argv);
