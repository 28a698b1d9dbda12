import type { ManagerSupervisor } from "../run/manager-supervisor.js";
import { defaultTimes } from "../wire/process-class.js";
import type { classesOf } from "./session-checks.js";
import type { SessionOptions } from "./session-options.js";

/** What the manager of a live run is started with. */
export function managerOrders(
  options: SessionOptions,
  classes: ReturnType<typeof classesOf>,
  changeToken: string | undefined,
): Parameters<typeof ManagerSupervisor.start>[0] {
  const { scenario, requireLimits, requireIsolation, address, managerPort, token } = options;
  return {
    classes,
    times: { ...defaultTimes, hungAfterMs: scenario.faults.hangTimeoutMs },
    requireLimits,
    requireIsolation,
    address,
    port: managerPort,
    ...(token === undefined ? {} : { token }),
    ...(changeToken === undefined ? {} : { changeToken }),
  };
}
