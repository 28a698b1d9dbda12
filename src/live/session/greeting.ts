import { injectedFaults, simulatedKeys } from "../run/live-faults.js";
import type { ChangeToken } from "./change-token.js";
import type { SessionOptions } from "./session-options.js";
import { urlOf } from "./url.js";

/** The first lines of a live run for people: its addresses and the commands to reach it. */
export function greeting(
  { address, serve, withFaults, scenario }: Pick<SessionOptions, "address" | "serve" | "withFaults" | "scenario">,
  port: number,
  managerPort: number,
  change: ChangeToken | undefined,
): string[] {
  const lines = [
    `gateway on ${urlOf(address, port)}/stream (also raw TCP and WebSocket), metrics at /metrics`,
    `streamlet manager on ${urlOf(address, managerPort)}/openapi.json`,
  ];
  if (change !== undefined) lines.push(`calls of the manager that change something need the token in ${change.file}`);
  if (process.pid === 1)
    lines.push(
      "running as process 1: start the container with --init, which reaps what a killed manager leaves behind",
    );
  const unused = simulatedKeys(scenario);
  if (unused.length > 0) lines.push(`only a simulation uses ${unused.join(", ")} of the scenario`);
  const named = injectedFaults(scenario.faults).join(", ");
  if (!serve || named === "") return lines;
  const faults = withFaults
    ? `*** FAULTS ARE INJECTED INTO REAL STREAMS (--with-faults): ${named} ***`
    : `the scenario's faults (${named}) are not injected into your streams; --with-faults does so`;
  return [...lines, faults];
}
