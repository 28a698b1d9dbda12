/** Counts of the whole run (all attempts), and of first attempts in the measured window. */
export const Tally = {
  arrived: 0,
  completed: 1,
  interrupted: 2,
  rejected: 3,
  abandoned: 4,
  windowArrived: 5,
  windowCompleted: 6,
  windowInterrupted: 7,
  windowRejected: 8,
  windowAbandoned: 9,
  windowWaited: 10,
  windowEnded: 11,
  windowDegraded: 12,
  spawns: 13,
  crashes: 14,
  reconnections: 15,
  servedMs: 16,
  responseMs: 17,
  assigned: 18,
  /** Streams of any attempt that a failure within the window interrupted. */
  windowHurt: 19,
} as const;
export type Tally = (typeof Tally)[keyof typeof Tally];
