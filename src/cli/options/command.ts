import type { Argv, CommandModule } from "yargs";
import { InputError } from "../../base/errors.js";
import { kebabCase, type OptionShape, type OptionValues } from "./option.js";

/** A command line without `headrace`, and what it does. */
type Example = readonly [line: string, what: string];
/** Help ends with two at least. */
type Examples = readonly [Example, Example, ...Example[]];

/** A command as yargs takes it, with what it is made of. */
export interface Command extends CommandModule<object, object> {
  readonly command: string;
  readonly positionals: OptionShape;
  readonly options: OptionShape;
  readonly examples: Examples;
  readonly subcommands: readonly Command[];
}

/** Columns of an example in help, which is 100 wide. */
const MOST_COLUMNS = 94;

interface CommandSpec<P extends OptionShape, O extends OptionShape> {
  /** As yargs writes it: `plan <file>`. */
  readonly command: string;
  readonly describe: string;
  readonly positionals: P;
  readonly options: O;
  readonly examples: Examples;
  /** A line below the options in help. */
  readonly epilog?: string;
  readonly subcommands?: readonly Command[];
  /** Gets checked values: absolute paths, numbers within their bounds. */
  run(values: OptionValues<P> & OptionValues<O>): Promise<void>;
}

/**
 * Makes a command from its options. They are read and checked before it runs, so a command checks
 * none itself.
 */
export function command<P extends OptionShape, O extends OptionShape>(spec: CommandSpec<P, O>): Command {
  const { positionals, options, examples, subcommands = [] } = spec;
  return {
    command: spec.command,
    describe: spec.describe,
    positionals,
    options,
    examples,
    subcommands,
    builder(yargs: Argv) {
      for (const one of subcommands) yargs.command(one);
      for (const [name, { help }] of Object.entries(positionals)) yargs.positional(kebabCase(name), positional(help));
      for (const [name, { help }] of Object.entries(options)) yargs.option(kebabCase(name), help);
      return yargs.epilog([examplesText(examples), ...(spec.epilog === undefined ? [] : [spec.epilog])].join("\n\n"));
    },
    async handler(given) {
      await spec.run({
        ...valuesOf(positionals, given, (name) => name),
        ...valuesOf(options, given, (name) => `--${kebabCase(name)}`),
      });
    },
  };
}

/**
 * The examples below the options, each on lines of its own, so that it can be copied: yargs would
 * put it beside its meaning, and break it in half a window's width.
 */
export function examplesText(examples: Examples): string {
  const parts = examples.flatMap(([line, what]) => [`  # ${what}`, ...brokenLines(`headrace ${line}`)]);
  return ["Examples:", ...parts].join("\n");
}

/**
 * A command line in lines of help: a long one goes on behind a backslash, at an option if it can.
 */
function brokenLines(line: string): string[] {
  const indent = "    ";
  const lines: string[] = [];
  let rest = line;
  while (rest.length > MOST_COLUMNS) {
    const start = rest.slice(0, MOST_COLUMNS - 2);
    const at = [start.lastIndexOf(" --"), start.lastIndexOf(" ")].find((place) => place > indent.length);
    if (at === undefined) break;
    lines.push(`${rest.slice(0, at)} \\`);
    rest = `${indent}${rest.slice(at + 1)}`;
  }
  return [...lines, rest].map((one) => `  ${one}`);
}

/**
 * The command that the words name, with the words that lead to it; undefined if they name none.
 */
export function commandAt(
  words: readonly string[],
  commands: readonly Command[],
): { readonly path: string; readonly command: Command } | undefined {
  const [word, ...others] = words;
  const command = commands.find((one) => one.command.split(" ")[0] === word);
  if (command === undefined) return undefined;
  const inner = commandAt(others, command.subcommands);
  return inner === undefined ? { path: word, command } : { ...inner, path: `${word} ${inner.path}` };
}

/** The paths of the subcommands of this name. */
export function subcommandsNamed(word: string | undefined, commands: readonly Command[]): string[] {
  return commands.flatMap((one) =>
    one.subcommands
      .map(({ command }) => command.split(" ")[0])
      .filter((name) => name === word)
      .map((name) => `${one.command.split(" ")[0]} ${name}`),
  );
}

/** A command that only leads to others. */
export function group(name: string, describe: string, commands: readonly Command[], examples: Examples): Command {
  const actions = commands.map((one) => one.command.split(" ")[0]);
  const named = `${actions.slice(0, -1).join(", ")} or ${actions[actions.length - 1]}`;
  return {
    command: `${name} <action>`,
    describe,
    positionals: {},
    options: {},
    examples,
    subcommands: commands,
    builder(yargs: Argv) {
      for (const one of commands) yargs.command(one);
      yargs.epilog(examplesText(examples));
      return yargs.demandCommand(1, `Name an action: ${named}.`);
    },
    handler: () => undefined,
  };
}

/**
 * Refuses a flag that is given twice, before yargs keeps the last one: `--json --no-json` is a
 * contradiction. Refuses what yargs would read as false: a flag's value other than true and false
 * (`--quiet=maybe`), and `--no-` before an option with a value (`--no-out` named a folder "false").
 */
export function refuseMisusedFlags(words: readonly string[], commands: readonly Command[]): void {
  const found = commands.find((one) => one.command.split(" ")[0] === words[0]);
  if (found === undefined) return;
  const [flags, valued] = [optionsOf(found, true), optionsOf(found, false)];
  const end = words.indexOf("--");
  const names = (end < 0 ? words : words.slice(0, end)).flatMap((word) => {
    const [, no, name, value] = /^--(no-)?([a-z-]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (no !== undefined && valued.includes(name) && !valued.includes(`no-${name}`)) throw negated(name);
    if (name === undefined || !flags.includes(name)) return [];
    if (value !== undefined && value !== "true" && value !== "false") throw valueOfFlag(name, value);
    return [name];
  });
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice === undefined) return;
  const times = names.filter((name) => name === twice).length;
  throw new InputError({ code: "HR1002", where: `--${twice}`, got: `given ${times} times`, expected: "once" });
}

function negated(name: string): InputError {
  const remedy = `Leave it out, or write --${name} VALUE`;
  return new InputError({
    code: "HR1001",
    where: `--no-${name}`,
    got: `no- before an option with a value`,
    expected: `--${name}`,
    remedy,
  });
}

function valueOfFlag(name: string, value: string): InputError {
  return new InputError({
    code: "HR1003",
    where: `--${name}`,
    got: JSON.stringify(value),
    expected: "no value, true or false",
  });
}

/** The names of the flags of a command and of its subcommands, or of their options with a value. */
function optionsOf({ options, subcommands }: Command, areFlags: boolean): string[] {
  const own = Object.entries(options).filter(([, { help }]) => (help.type === "boolean") === areFlags);
  return [...own.map(([name]) => kebabCase(name)), ...subcommands.flatMap((one) => optionsOf(one, areFlags))];
}

function positional({ type, array, describe, defaultDescription, demandOption }: OptionShape[string]["help"]) {
  return {
    ...(type === "string" ? { type } : {}),
    ...(array === true ? { array } : {}),
    ...(describe === undefined ? {} : { describe }),
    ...(defaultDescription === undefined ? {} : { defaultDescription }),
    ...(demandOption === true ? { demandOption } : {}),
  } as const;
}

function valuesOf<S extends OptionShape>(
  shape: S,
  given: Readonly<Record<string, unknown>>,
  placeOf: (name: string) => string,
): OptionValues<S> {
  const values = Object.entries(shape).map(([name, option]) => [
    name,
    option.read(given[kebabCase(name)], placeOf(name)),
  ]);
  return Object.fromEntries(values) as OptionValues<S>;
}
