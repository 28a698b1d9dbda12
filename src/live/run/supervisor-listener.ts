import type { ManagerListener } from "./manager-client.js";

type RestartReason = "asked" | "crashed" | "hung";

export interface SupervisorListener extends Omit<ManagerListener, "onGone" | "onRestartWanted" | "onNotice"> {
  onManager(event: { readonly reason: RestartReason; readonly pid: number }): void;
  /** A line for people. */
  onNotice(line: string): void;
}
