/** Rooms of the quick tier: the pure core, whose tests start no process and need no build. */
export const quickRooms = ["base", "kernel", "control", "model", "world", "tidy"];

/** Tests of these rooms that only the whole suite runs, with the reason. */
export const slowTests: ReadonlyMap<string, string> = new Map([
  ["test/control/policies/mutation.test.ts", "starts esbuild for each mutant"],
  ["test/control/policies/predictive/never-worse.test.ts", "simulates weeks"],
  ["test/tidy/ratchet.test.ts", "starts oxlint"],
  ["test/world/trained-forecaster.test.ts", "trains forecasters over weeks"],
]);
