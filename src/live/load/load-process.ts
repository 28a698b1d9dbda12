import { type ChildProcess, fork } from "node:child_process";
import { compiledEntry, scrubbedEnvironment } from "../machine/launch-command.js";
import type { LoadReport } from "./load-orders.js";

/**
 * The load generator, loaded: it would compete with the first streamlets for the cores (a burst of
 * four: 411 ms, and 350 without).
 */
export async function startLoad(): Promise<ChildProcess> {
  const env = scrubbedEnvironment(process.env);
  const stdio: ("ignore" | "inherit" | "ipc")[] = ["ignore", "ignore", "inherit", "ipc"];
  const load = fork(compiledEntry("./load/main.js"), [], { env, execArgv: [], serialization: "advanced", stdio });
  await new Promise((resolve) => load.once("message", resolve).once("exit", resolve));
  return load;
}

/** Ends the load generator; undefined if it had ended by itself, which it should not. */
export function askLoad(load: ChildProcess): Promise<LoadReport | undefined> {
  return new Promise((resolve) => {
    load.once("message", (report) => resolve(report as LoadReport));
    load.once("exit", () => resolve(undefined));
    if (load.connected) load.send("report");
    else resolve(undefined);
  });
}
