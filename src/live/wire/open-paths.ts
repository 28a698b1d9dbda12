/**
 * Paths of the gateway and of the manager's API that need no token. They are for probes and report
 * only that the process is alive and that its pools have room.
 */
export const OPEN_PATHS: ReadonlySet<string> = new Set(["/health", "/ready"]);
