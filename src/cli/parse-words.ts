import { packageVersion } from "../experiment/version.js";
import { attackCommand } from "./attack.js";
import { calibrateCommand } from "./calibrate.js";
import { checkCommand } from "./check.js";
import { writtenOut, yargs } from "./command-line.js";
import { completionCommand } from "./completion.js";
import { diffCommand } from "./diff.js";
import { doctorCommand } from "./doctor.js";
import { explainCommand } from "./explain.js";
import { forecastCommand } from "./forecast.js";
import { initCommand } from "./init.js";
import { liveCommand } from "./live.js";
import { type Command, commandAt, examplesText, refuseRepeatedFlags, subcommandsNamed } from "./options/command.js";
import { valuesFor } from "./options/completion.js";
import { usageError } from "./outcome.js";
import { planCommand } from "./plan.js";
import { replayCommand } from "./replay.js";
import { reportCommand } from "./report.js";
import { scenarioCommand } from "./scenario.js";
import { simulateCommand } from "./simulate.js";
import { studyCommand } from "./study.js";
import { sweepCommand } from "./sweep.js";
import { traceCommand } from "./trace.js";
import { twinCommand } from "./twin.js";
import { validateCommand } from "./validate.js";
import { watchCommand } from "./watch.js";
import { workerCommand } from "./worker.js";

/** Every command, in the order of help. */
export const commands: readonly Command[] = [
  initCommand,
  simulateCommand,
  attackCommand,
  calibrateCommand,
  checkCommand,
  diffCommand,
  doctorCommand,
  explainCommand,
  forecastCommand,
  planCommand,
  replayCommand,
  reportCommand,
  scenarioCommand,
  traceCommand,
  studyCommand,
  sweepCommand,
  workerCommand,
  twinCommand,
  validateCommand,
  liveCommand,
  watchCommand,
  completionCommand,
];

const FIRST_STEPS = [
  ["init", "write a first scenario: it asks what it needs"],
  ["simulate scenario.yaml", "what each policy costs, and how often it violates the SLO"],
  ["simulate --help", "the options of a command, with examples"],
] as const;

/**
 * Runs the command that the words name; throws InputError for words that it cannot parse.
 * Commands load their modules when they run, so help takes under 0.3 s.
 */
export async function parseWords(given: readonly string[]): Promise<void> {
  const words = writtenOut(given);
  refuseRepeatedFlags(words, commands);
  if (await proposedValues(words)) return;
  await yargs(words)
    .scriptName("headrace")
    .usage(
      "$0 <command>\n\nSimulates fleets of streamlets, and says with evidence which scaling policy serves them best.",
    )
    .command([...commands])
    .epilog(examplesText(FIRST_STEPS))
    .demandCommand(1, "no command. Begin with headrace init")
    .strict()
    .recommendCommands()
    .version(packageVersion())
    .alias("help", "h")
    .wrap(100)
    .fail((message, error, usage) => {
      const within = subcommandsNamed(words[0], commands);
      return usageError(message, error, { words, usage, at: commandAt(words, commands), within });
    })
    .parseAsync();
}

/**
 * Answers a shell that completes a value; false if it completes a command or an option, which
 * yargs answers.
 */
async function proposedValues([first, , ...typed]: readonly string[]): Promise<boolean> {
  const values = first === "--get-yargs-completions" ? await valuesFor(typed, commands) : undefined;
  if (values !== undefined) process.stdout.write(values.map((value) => `${value}\n`).join(""));
  return values !== undefined;
}
