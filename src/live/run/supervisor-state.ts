import type { ManagerClient } from "./manager-client.js";

/** Where the present manager is. */
export type SupervisorState =
  | { readonly is: "starting" }
  | { readonly is: "up"; readonly manager: ManagerClient }
  /** The next manager is being started; the old one serves until then, unless it crashes. */
  | { readonly is: "replacing"; readonly old: ManagerClient | undefined }
  /** It crashed; the timer starts another. */
  | { readonly is: "waiting"; readonly timer: NodeJS.Timeout }
  | { readonly is: "closed" };

/** The manager that takes launches; undefined if none is up. */
export function currentManager(state: SupervisorState): ManagerClient | undefined {
  if (state.is === "up") return state.manager;
  return state.is === "replacing" ? state.old : undefined;
}
