import { setMaxListeners } from "node:events";
import type { Argv } from "yargs";
import { AssertionError } from "../base/assert.js";
import { InputError } from "../base/errors.js";
import { closest } from "../base/spelling.js";
import type { Command } from "./options/command.js";

/** 0 fine · 1 the answer is no · 2 bad input · 70 our bug · 130 interrupted. */
export const ExitCode = { fine: 0, no: 1, badInput: 2, bug: 70, interrupted: 130 } as const;

/** The user pressed Ctrl-C (or the process was asked to end). */
class Interrupted extends Error {
  override readonly name = "Interrupted";
}

/** Node loads modules in parallel: with 64 descriptors a command fails before it begins. */
const TOO_FEW_FILES = new InputError({
  code: "HR1504",
  where: "ulimit -n",
  got: "too few files that may be open at once",
  expected: "at least 256",
  remedy: "Raise it: ulimit -n 4096 (systemd: LimitNOFILE=, containers: --ulimit nofile=)",
});

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** Where no work is under way that would have to be called off. */
function quit(): void {
  reportFailure(new Interrupted());
  process.exit();
}

/** The sources of help for the words: yargs, and the command that they name. */
interface Setting {
  /** The command line. */
  readonly words: readonly string[];
  readonly usage: Argv;
  readonly at: { readonly path: string; readonly command: Command } | undefined;
  /** If the words name no command: the subcommands of that name, such as sweep merge. */
  readonly within: readonly string[];
}

/** Yargs calls this for a wrong option or command, and for errors of handlers. */
export function usageError(
  message: string | null,
  error: Error | undefined,
  { words, usage, at, within }: Setting,
): never {
  if (error !== undefined && message === null) throw error;
  if (error instanceof InputError || error instanceof AssertionError) throw error;
  const got = message ?? error?.message ?? "a command that cannot be understood";
  const remedy = `See headrace ${at === undefined ? "" : `${at.path} `}--help`;
  const absent = absentValue(got, remedy) ?? absentArgument(got, at, remedy);
  if (absent !== undefined) throw absent;
  if (at === undefined && within.length > 0)
    throw new InputError({
      code: "HR1001",
      got: unknownCommand(words, at),
      remedy: `Did you mean ${within.join(", or ")}? ${remedy}`,
    });
  const meant = meantOption(got, usage);
  if (got.startsWith("Did you mean"))
    throw new InputError({ code: "HR1001", got: unknownCommand(words, at), remedy: `${got} ${remedy}` });
  throw new InputError({
    code: "HR1001",
    got: unknownWords(got, words, at) ?? got,
    remedy: meant === undefined ? remedy : `Did you mean --${meant}? ${remedy}`,
  });
}

/** The word in the place of a command or an action. */
function unknownCommand(words: readonly string[], at: Setting["at"]): string {
  const word = words[at === undefined ? 0 : at.path.split(" ").length] ?? "";
  return `unknown ${at === undefined ? "command" : "action"} "${word}"`;
}

/** The options as they were written, and other words in quotes; yargs names them without dashes. */
function unknownWords(message: string, words: readonly string[], at: Setting["at"]): string | undefined {
  const names = /^Unknown arguments?: (.+)/.exec(message)?.[1].split(", ");
  if (names === undefined) return undefined;
  const written = names.map((name) => {
    const forms = [`--${name}`, `--no-${name}`, `-${name}`];
    return forms.find((form) => words.some((word) => word === form || word.startsWith(`${form}=`))) ?? `"${name}"`;
  });
  const what = written.every((one) => one.startsWith("-")) ? "option" : at === undefined ? "command" : "word";
  return `unknown ${what}${written.length > 1 ? "s" : ""} ${written.join(", ")}`;
}

/**
 * The messages of yargs for an option without its value, and for a missing option or argument.
 */
function absentValue(message: string, remedy: string): InputError | undefined {
  const option = /^Not enough arguments following: (\S+)/.exec(message)?.[1];
  if (option !== undefined)
    return new InputError({ code: "HR1007", where: `--${option}`, got: "no value", expected: "one after it" });
  const required = /^Missing required arguments?: (.+)/.exec(message)?.[1];
  if (required === undefined) return undefined;
  const names = required.split(", ").map((name) => `--${name}`);
  return new InputError({ code: "HR1007", got: `${names.join(" and ")} missing`, remedy });
}

/** What a command that only leads to others has in place of arguments. */
const ACTION = "<action>";

/** The message of yargs for a missing argument; the command finds out which one. */
function absentArgument(message: string, at: Setting["at"], remedy: string): InputError | undefined {
  if (at === undefined || !message.startsWith("Not enough non-option arguments")) return undefined;
  const names: readonly string[] = at.command.command.match(/<[^>]+>/g) ?? [];
  const actions = at.command.subcommands.map(({ command }) => command.split(" ")[0]);
  const got = `headrace ${at.path}: ${names.join(" or ")} missing`;
  const words = at.command.command.split(" ").slice(1).join(" ");
  const expected = names.includes(ACTION)
    ? `one of ${actions.join(", ")}`
    : [words, ...actions].map((one) => `headrace ${at.path} ${one}`).join(", or ");
  return new InputError({ code: "HR1007", got, expected, remedy });
}

/** The option that a mistyped one was probably meant to be. Yargs itself proposes commands only. */
function meantOption(message: string, usage: Argv): string | undefined {
  const unknown = /^Unknown arguments?: ([^,\s]+)/.exec(message)?.[1];
  // The argument of `fail` has another type than declared: it knows the options by their
  // descriptions.
  const { getDescriptions } = usage as unknown as { getDescriptions?(): Record<string, unknown> };
  if (unknown === undefined || getDescriptions === undefined) return undefined;
  return closest(
    unknown,
    Object.keys(getDescriptions()).filter((name) => name.length > 1),
  );
}

/** Prints the error on stderr and sets the exit code: no stack trace for bad input. */
export function reportFailure(error: unknown): void {
  if (error instanceof InputError) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = ExitCode.badInput;
    // For a user's module that hangs: its timers would keep the process alive.
    if ("stillRuns" in error) process.exit();
  } else if (error instanceof Interrupted || (error instanceof Error && error.name === "AbortError")) {
    process.stderr.write("interrupted: nothing was written\n");
    process.exitCode = ExitCode.interrupted;
  } else if ((error as NodeJS.ErrnoException | undefined)?.code === "EMFILE") {
    process.stderr.write(`${TOO_FEW_FILES.message}\n`);
    process.exitCode = ExitCode.badInput;
  } else if (error instanceof AssertionError) {
    process.stderr.write(
      `a promise of the simulator is broken: ${error.message}\nPlease report this with the scenario.\n`,
    );
    process.exitCode = ExitCode.bug;
  } else {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = ExitCode.bug;
  }
}

/**
 * Called before anything else: Ctrl-C ends with 130, and a reader that closes our output early
 * (head, less) is no failure.
 */
export function prepareProcess(): void {
  for (const signal of SIGNALS) process.once(signal, quit);
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  // The reader of our messages may end (a restarted log collector), or its disk may be full: the
  // work continues without them.
  process.stderr.on("error", () => undefined);
}

/** Writes a line to stderr; if it has no reader, calls `onLost` with the reason. Never throws. */
export function sayOnStderr(line: string, onLost: (reason: string) => void = () => undefined): void {
  const lost = (error: NodeJS.ErrnoException): void => onLost(error.code ?? error.message);
  try {
    process.stderr.write(`${line}\n`, (error) => {
      if (error) lost(error);
    });
  } catch (error) {
    lost(error as NodeJS.ErrnoException);
  }
}

/** An abort signal that SIGINT and SIGTERM raise; call `dispose` when the work is done. */
export function interruptSignal(): { readonly signal: AbortSignal; dispose(): void } {
  const controller = new AbortController();
  // Every job that waits for a thread adds a listener: Node takes more than ten for a leak.
  setMaxListeners(0, controller.signal);
  const abort = (): void => controller.abort(new Interrupted());
  replaceListener(quit, abort);
  return {
    signal: controller.signal,
    dispose() {
      replaceListener(abort, quit);
    },
  };
}

/**
 * Adds the new listener before it removes the old one: without a listener a Ctrl-C at that instant
 * was lost (3 of 10).
 */
function replaceListener(old: () => void, next: () => void): void {
  for (const name of SIGNALS) process.once(name, next).removeListener(name, old);
}
