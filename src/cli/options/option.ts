import type { Options } from "yargs";
import { InputError } from "../../base/errors.js";

/**
 * An option or a positional argument of a command: what yargs shows of it, and how its value is
 * read.
 */
export interface Option<T> {
  readonly help: Options;
  /** May be given more than once. */
  readonly isList: boolean;
  /** The only values that it takes, for a shell to complete; absent if others are allowed. */
  readonly choices?: readonly string[];
  /** Converts the value from yargs; throws InputError, which names `place` (such as `--seed`). */
  read(given: unknown, place: string): T;
}

/**
 * The options of a command by their names in camelCase; on the command line they are in kebab-case.
 */
export type OptionShape = Readonly<Record<string, Option<unknown>>>;

/** The values of a command's options. */
export type OptionValues<S extends OptionShape> = {
  readonly [K in keyof S]: S[K] extends Option<infer T> ? T : never;
};

export function kebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** On or off. `refuseMisusedFlags` refuses it twice, since yargs keeps the last one only. */
export function flag(describe: string, standard = false): Option<boolean> {
  return { help: { type: "boolean", default: standard, describe }, isList: false, read: (given) => given === true };
}

/** A single value; `read` gets it as it was written. */
export function single<T>(describe: string, read: (text: string, place: string) => T): Option<T | undefined> {
  return {
    help: { type: "string", requiresArg: true, describe },
    isList: false,
    read(given, place) {
      if (given === undefined) return undefined;
      if (!Array.isArray(given)) return read(String(given), place);
      throw new InputError({ code: "HR1002", where: place, got: `${given.length} values`, expected: "one" });
    },
  };
}

/** The same option, which may be given more than once. */
export function list<T>(one: Option<T | undefined>): Option<T[] | undefined> {
  return {
    ...one,
    help: { ...one.help, array: true },
    isList: true,
    read(given, place) {
      if (given === undefined) return undefined;
      const all: readonly unknown[] = Array.isArray(given) ? given : [given];
      return all.map((each) => one.read(each, place)).filter((value): value is Awaited<T> & T => value !== undefined);
    },
  };
}

/** The same option with its default, as a user would write it. */
export function withDefault<T>(option: Option<T | undefined>, standard: string | readonly string[]): Option<T> {
  // Yargs does not get the default: it would take a list's for a list named without a value.
  const shown = typeof standard === "string" ? standard : standard.join(" ");
  return {
    ...option,
    help: { ...option.help, ...(shown === "" ? {} : { defaultDescription: shown }) },
    read: (given, place) => read(option, given ?? standard, place),
  };
}

/** The same option, without which the command does not run. */
export function required<T>(option: Option<T | undefined>): Option<T> {
  return {
    ...option,
    help: { ...option.help, demandOption: true },
    read: (given, place) => read(option, given, place),
  };
}

function read<T>(option: Option<T | undefined>, given: unknown, place: string): T {
  const value = option.read(given, place);
  if (value !== undefined) return value;
  throw new InputError({ code: "HR1007", where: place, got: "no value", expected: "one" });
}
