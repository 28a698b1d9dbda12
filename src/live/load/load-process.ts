import { type ChildProcess, fork } from "node:child_process";
import { compiledEntry, scrubbedEnvironment } from "../machine/launch-command.js";
import type { LoadReport } from "./load-orders.js";

/**
 * Starts the load generator and waits until it is loaded: it would compete with the first
 * streamlets for the cores (a burst of four takes 411 ms with it and 350 ms without).
 */
export async function startLoad(): Promise<ChildProcess> {
  const env = scrubbedEnvironment(process.env);
  const stdio: ("ignore" | "inherit" | "ipc")[] = ["ignore", "ignore", "inherit", "ipc"];
  const load = fork(compiledEntry("./load/main.js"), [], { env, execArgv: [], serialization: "advanced", stdio });
  await new Promise((resolve) => load.once("message", resolve).once("exit", resolve));
  return load;
}

/** Ends the load generator; undefined if it had already ended by itself, which is a fault. */
export function askLoad(load: ChildProcess): Promise<LoadReport | undefined> {
  return new Promise((resolve) => {
    load.once("message", (report) => resolve(report as LoadReport));
    load.once("exit", () => resolve(undefined));
    if (load.connected) load.send("report");
    else resolve(undefined);
  });
}
