/**
 * Spawn times of some machine, as `headrace calibrate` writes them. With `--profile`, a twin need
 * not calibrate first, which takes 12 s of CPU.
 */
export const quickProfile = {
  kind: "calibration",
  version: 1,
  spawn: {
    count: 3,
    quantilesMs: [
      [0, 20],
      [0.5, 30],
      [1, 60],
    ],
    contention: 0.1,
    startsAtOnce: 2,
    serialMs: 2,
  },
};
