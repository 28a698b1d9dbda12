import { packageVersion } from "../experiment/version.js";
import { writtenOut, yargs } from "./command-line.js";
import { commandsNamed } from "./commands.js";
import { type Command, commandAt, examplesText, refuseMisusedFlags, subcommandsNamed } from "./options/command.js";
import { valuesFor } from "./options/completion.js";
import { usageError } from "./outcome.js";

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
  const commands = await commandsNamed(words[0]);
  refuseMisusedFlags(words, commands);
  if (await proposedValues(words, commands)) return;
  await yargs(words)
    .scriptName("headrace")
    // `--out.x a` would be an object, and its text the name of a folder.
    .parserConfiguration({ "dot-notation": false })
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
async function proposedValues([first, , ...typed]: readonly string[], commands: readonly Command[]): Promise<boolean> {
  const values = first === "--get-yargs-completions" ? await valuesFor(typed, commands) : undefined;
  if (values !== undefined) process.stdout.write(values.map((value) => `${value}\n`).join(""));
  return values !== undefined;
}
