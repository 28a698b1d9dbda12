import { expect, it } from "vitest";
import { Terminal } from "../../src/tui/run/terminal.js";
import { FRAME_BUDGET_BYTES, WatchSession } from "../../src/tui/run/watch-session.js";
import { simulatedRun } from "../../src/tui/source/simulated-run.js";
import { SteppedSource } from "../../src/tui/source/stepped-source.js";
import { SPEEDS } from "../../src/tui/state/ui-state.js";
import { noUserModules } from "../../src/world/user-modules.js";
import { smallWorld } from "./small-world.js";

const FASTEST = SPEEDS.length - 1;

function source(breaksAtMs = Number.POSITIVE_INFINITY): SteppedSource {
  const run = simulatedRun(smallWorld, smallWorld.policies[0], noUserModules);
  const runTo = (atMs: number): void => {
    if (atMs > breaksAtMs) throw new Error("a promise is broken");
    run.runTo(atMs);
  };
  return new SteppedSource("simulation", { ...run, runTo });
}

function onTerminal(watched: SteppedSource) {
  const written: string[] = [];
  const write = (text: string): boolean => written.push(text) > 0;
  const terminal = new Terminal({ columns: 200, rows: 60, write });
  return { written, terminal, session: new WatchSession(watched, terminal, { withColour: true, speed: FASTEST }) };
}

it("a run that breaks ends the session with its error, and the terminal is restored once", async () => {
  const { written, terminal, session } = onTerminal(source(3_600_000));
  terminal.enter();
  await expect(session.run(new AbortController().signal)).rejects.toThrow("a promise is broken");
  terminal.leave();
  terminal.leave();
  expect(written.filter((text) => text.includes("\x1b[?1049l"))).toHaveLength(1);
  terminal.frame("a late frame");
  expect(written.join("")).not.toContain("a late frame");
});

it("no frame of a whole run at full speed has more bytes than its budget", async () => {
  const watched = source();
  const { written, terminal, session } = onTerminal(watched);
  terminal.enter();
  const ended = session.run(new AbortController().signal);
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  while (watched.reachedMs < watched.endMs) await turn();
  // A fast machine is through before the second frame is due: this one changes the last line.
  session.key({ text: "j" });
  while (session.cost.frames < 2) await turn();
  session.key({ text: "q" });
  expect(await ended).toBe("quit");
  terminal.leave();
  expect(Math.max(...written.map((text) => Buffer.byteLength(text)))).toBeLessThanOrEqual(FRAME_BUDGET_BYTES);
});
