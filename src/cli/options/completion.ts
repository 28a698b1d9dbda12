import { type Command, commandAt } from "./command.js";
import { kebabCase } from "./option.js";

/**
 * The values that may complete the last word, for a shell: the choices of the option before it
 * or of the argument, or the terms of `explain`. None if a file may stand there: the shell then
 * lists files. Undefined if yargs' own proposals apply.
 */
export async function valuesFor(words: readonly string[], commands: readonly Command[]): Promise<string[] | undefined> {
  const at = commandAt(words, commands);
  const current = words[words.length - 1] ?? "";
  if (at === undefined || current.startsWith("-")) return undefined;
  const before = words[words.length - 2] ?? "";
  const option = Object.entries(at.command.options).find(([name]) => `--${kebabCase(name)}` === before)?.[1];
  if (option?.choices !== undefined) return option.choices.filter((one) => one.startsWith(current));
  if (before === "--policy") {
    const { builtInPolicies } = await import("../../control/policies/registry.js");
    return [...builtInPolicies.keys()].filter((kind) => kind.startsWith(current));
  }
  const argument = Object.values(at.command.positionals).find(({ choices }) => choices !== undefined);
  if (argument?.choices !== undefined && !before.startsWith("-"))
    return argument.choices.filter((one) => one.startsWith(current));
  if (at.path !== "explain" || before.startsWith("-")) return current === "" && takesFile(at.command) ? [] : undefined;
  const { explanations } = await import("../../experiment/explanations/explanations.js");
  const terms = new Set(explanations().map(({ term }) => term));
  return [...terms].filter((term) => term.startsWith(current) && !term.includes(" "));
}

/** Whether the command takes words that are neither options nor subcommands. */
function takesFile({ command, subcommands }: Command): boolean {
  return command.includes(" ") && subcommands.length === 0;
}
