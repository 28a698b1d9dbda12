import { spawn } from "node:child_process";
import { InputError } from "../base/errors.js";
import { ExitCode } from "./outcome.js";

/** In the environment of a command that has a guard, until it begins. */
const MARK = "HEADRACE_GUARDED";
/** Ctrl-C in a terminal reaches both processes; the command handles its own. */
const SIGNAL_DELAY_MS = 100;
const FORWARDED = ["SIGINT", "SIGTERM"] as const;
type Forwarded = (typeof FORWARDED)[number];

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
    child.on("exit", (code, signal) => {
      process.exitCode = code ?? codeOfSignal(signal, modules);
      if (child.connected) child.disconnect();
      resolve(true);
    });
  });
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
  const { message } = new InputError({
    code: "HR1304",
    where: modules.join(" or "),
    got: `a module whose process ended by ${signal}`,
    expected: "one that leaves its process alone",
    remedy: "Look for signals, native calls, and memory that grows until the kernel ends the process (dmesg)",
  });
  process.stderr.write(`${message}\n`);
  return ExitCode.badInput;
}

/** In the command's process: handles a signal that only its guard received. */
export function listenToGuard(): void {
  delete process.env[MARK];
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
}
