import type { Command } from "./options/command.js";

/**
 * Every command by its name, in the order of help. A command's file loads only where it is named:
 * all of them take 6 MB and 0.03 s of CPU.
 */
export const commandLoaders: ReadonlyMap<string, () => Promise<Command>> = new Map<string, () => Promise<Command>>([
  ["init", async () => (await import("./init.js")).initCommand],
  ["simulate", async () => (await import("./simulate.js")).simulateCommand],
  ["attack", async () => (await import("./attack.js")).attackCommand],
  ["calibrate", async () => (await import("./calibrate.js")).calibrateCommand],
  ["check", async () => (await import("./check.js")).checkCommand],
  ["diff", async () => (await import("./diff.js")).diffCommand],
  ["doctor", async () => (await import("./doctor.js")).doctorCommand],
  ["explain", async () => (await import("./explain.js")).explainCommand],
  ["forecast", async () => (await import("./forecast.js")).forecastCommand],
  ["plan", async () => (await import("./plan.js")).planCommand],
  ["replay", async () => (await import("./replay.js")).replayCommand],
  ["report", async () => (await import("./report.js")).reportCommand],
  ["scenario", async () => (await import("./scenario.js")).scenarioCommand],
  ["trace", async () => (await import("./trace.js")).traceCommand],
  ["study", async () => (await import("./study.js")).studyCommand],
  ["sweep", async () => (await import("./sweep.js")).sweepCommand],
  ["worker", async () => (await import("./worker.js")).workerCommand],
  ["twin", async () => (await import("./twin.js")).twinCommand],
  ["validate", async () => (await import("./validate.js")).validateCommand],
  ["live", async () => (await import("./live.js")).liveCommand],
  ["watch", async () => (await import("./watch.js")).watchCommand],
  ["completion", async () => (await import("./completion.js")).completionCommand],
]);

/** All commands, for help, completion, and the proposal after a misspelt name. */
export function allCommands(): Promise<Command[]> {
  return Promise.all([...commandLoaders.values()].map((load) => load()));
}

/** Only the command that the first word names; all commands if it names none. */
export async function commandsNamed(first: string | undefined): Promise<readonly Command[]> {
  const load = commandLoaders.get(first ?? "");
  return load === undefined ? allCommands() : [await load()];
}
