import type { WatchSource } from "../source/watch-source.js";
import { openKeyboard } from "./keyboard.js";
import { plainLines } from "./plain-lines.js";
import { runSummary } from "./run-summary.js";
import { Terminal } from "./terminal.js";
import { type SessionEnd, WatchSession } from "./watch-session.js";

/** The least terminal for pictures; with a smaller one plain lines are written. */
function canDraw(environment: NodeJS.ProcessEnv): boolean {
  return process.stdin.isTTY === true && process.stdout.isTTY === true && environment.TERM !== "dumb";
}

/** https://no-color.org: set and not empty. */
function withColour(environment: NodeJS.ProcessEnv): boolean {
  return (environment.NO_COLOR ?? "") === "";
}

/**
 * Shows a source until the person quits or the signal is raised, then prints a summary to stdout.
 * Without a terminal that can draw: plain lines until the run ends.
 */
export async function watch(source: WatchSource, speed: number, signal: AbortSignal): Promise<SessionEnd> {
  try {
    const end = canDraw(process.env)
      ? await watchOnScreen(source, speed, signal)
      : await plainLines(source, signal, (line) => process.stdout.write(`${line}\n`));
    process.stdout.write(`${runSummary(source).join("\n")}\n`);
    return end;
  } finally {
    source.close();
  }
}

async function watchOnScreen(source: WatchSource, speed: number, signal: AbortSignal): Promise<SessionEnd> {
  const terminal = new Terminal(process.stdout);
  const session = new WatchSession(source, terminal, { withColour: withColour(process.env), speed });
  const onResize = (): void => session.redraw();
  const onHangUp = (): void => session.interrupt();
  const onResume = (): void => {
    process.stdin.setRawMode(true);
    terminal.enter();
    session.redraw();
  };
  session.onSuspend = () => {
    terminal.leave();
    process.stdin.setRawMode(false);
    process.kill(process.pid, "SIGTSTP");
  };
  const keyboard = await openKeyboard((keys) => {
    for (const key of keys) session.key(key);
  });
  process.stdout.on("resize", onResize);
  process.on("SIGCONT", onResume);
  process.on("SIGHUP", onHangUp);
  try {
    terminal.enter();
    return await session.run(signal);
  } finally {
    process.off("SIGCONT", onResume);
    process.off("SIGHUP", onHangUp);
    process.stdout.off("resize", onResize);
    keyboard.close();
    terminal.leave();
  }
}
