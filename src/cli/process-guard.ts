import { spawn } from "node:child_process";
import { InputError, type InputFault } from "../base/errors.js";
import { placeOfThrown, textOfThrown } from "../control/policy-failure.js";
import { modulesNamed } from "./module-words.js";
import { ExitCode, reportFailure } from "./outcome.js";

/** In the environment of a command that has a guard, until it begins. */
const MARK = "HEADRACE_GUARDED";
/** Ctrl-C in a terminal reaches both processes; the command handles its own. */
const SIGNAL_DELAY_MS = 100;
const FORWARDED = ["SIGINT", "SIGTERM"] as const;
type Forwarded = (typeof FORWARDED)[number];
/**
 * The child's last message. If the child exits without it, the module ended it, unless its exit
 * code is one of these.
 */
const ENDED = "ended";
const SAID_WHY: readonly (number | null)[] = [ExitCode.badInput, ExitCode.bug, ExitCode.interrupted];
/** Longest wait for the last message after the child's exit. */
const LAST_MESSAGE_MS = 1000;

/** Whether this process is the command that a guard started. */
export function isGuarded(): boolean {
  return process.env[MARK] !== undefined;
}

/**
 * Runs this command line again as a child with the same terminal, and passes its exit code on. A
 * module can end its process in ways that nothing inside can report (a native fault, out of
 * memory, a signal). The parent reports it, with the modules that the command names. False if no
 * process can be started.
 */
export function runGuarded(modules: readonly string[]): Promise<boolean> {
  const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    env: { ...process.env, [MARK]: "1" },
  });
  for (const name of FORWARDED) forward(name, (count) => child.connected && child.send({ name, count }));
  // Twice does no harm.
  process.on("SIGHUP", () => child.kill("SIGHUP"));
  return new Promise((resolve) => {
    child.on("error", () => resolve(child.pid !== undefined));
    let hasEnded = false;
    child.on("message", (message) => {
      hasEnded ||= message === ENDED;
    });
    child.on("exit", (code, signal) => {
      const end = (): void => {
        clearTimeout(latest);
        const isOwn = hasEnded || SAID_WHY.includes(code);
        process.exitCode = code === null ? codeOfSignal(signal, modules) : isOwn ? code : endedByModule(modules, code);
        if (child.connected) child.disconnect();
        resolve(true);
      };
      const latest = setTimeout(end, LAST_MESSAGE_MS);
      // Messages not read yet come first.
      if (child.connected && code !== null) child.once("disconnect", end);
      else end();
    });
  });
}

function endedByModule(modules: readonly string[], code: number): number {
  return reported({
    code: "HR1304",
    where: modules.join(" or "),
    got: `a module that ends its process (with code ${code})`,
    expected: "one that leaves its process alone",
    remedy: "Remove process.exit, in promises and timers, too",
  });
}

function reported(fault: InputFault): number {
  process.stderr.write(`${new InputError(fault).message}\n`);
  return ExitCode.badInput;
}

function forward(name: Forwarded, send: (count: number) => void): void {
  let count = 0;
  process.on(name, () => {
    const now = ++count;
    setTimeout(() => send(now), SIGNAL_DELAY_MS).unref();
  });
}

function codeOfSignal(signal: NodeJS.Signals | null, modules: readonly string[]): number {
  if (signal === "SIGINT" || signal === "SIGTERM" || signal === "SIGHUP") return ExitCode.interrupted;
  return reported({
    code: "HR1304",
    where: modules.join(" or "),
    got: `a module whose process ended by ${signal}`,
    expected: "one that leaves its process alone",
    remedy: "Look for signals, native calls, and memory that grows until the kernel ends the process (dmesg)",
  });
}

/**
 * In the command's process: handles a signal that only its guard received, and errors that modules
 * leave behind. Returns what ends the process when the command has ended: timers and threads of a
 * module would keep it alive.
 */
export function listenToGuard(): () => Promise<void> {
  delete process.env[MARK];
  process.on("uncaughtException", endByStrayError);
  const seen = new Map<Forwarded, number>(FORWARDED.map((name) => [name, 0]));
  for (const name of FORWARDED) {
    process.on(name, () => {
      const count = (seen.get(name) ?? 0) + 1;
      seen.set(name, count);
      // As without a guard: a second signal ends the process if nothing else listens.
      if (count > 1 && process.listenerCount(name) === 1) process.exit(ExitCode.interrupted);
    });
  }
  process.on("message", ({ name, count }: { readonly name: Forwarded; readonly count: number }) => {
    if ((seen.get(name) ?? 0) < count) process.emit(name);
  });
  process.on("disconnect", () => process.emit("SIGTERM"));
  process.channel?.unref();
  // A module may replace them.
  const { exit, stdout, stderr } = process;
  const send = process.send?.bind(process);
  const nextTurn = setImmediate;
  return async () => {
    // Due promises and timers of modules, then those that they started.
    for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => nextTurn(resolve));
    await Promise.all([flushed(stdout), flushed(stderr)]);
    if (process.connected && send !== undefined) await new Promise((resolve) => send(ENDED, resolve));
    exit.call(process);
  };
}

function flushed(stream: NodeJS.WriteStream): Promise<unknown> {
  return new Promise((resolve) => (stream.writable ? stream.write("", resolve) : resolve(undefined)));
}

/** While a run listens for these errors, it reports them itself (StrayErrors in experiment). */
function endByStrayError(thrown: unknown): void {
  if (process.listenerCount("uncaughtException") > 1) return;
  const modules = modulesNamed(process.argv.slice(2));
  const place = modules.map((module) => placeOfThrown(thrown, module)).find((found) => found !== undefined);
  if (place === undefined && thrown instanceof Error) reportFailure(thrown);
  else
    process.exitCode = reported({
      code: "HR1308",
      where: place ?? modules.join(" or "),
      got: `a module that leaves an error behind which nothing catches (${textOfThrown(thrown)})`,
      expected: "a decision that is made at once, without promises and timers",
      remedy: "Remove them, or catch their errors",
    });
  process.exit();
}
