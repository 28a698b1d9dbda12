import { estimate } from "../../base/statistics.js";
import type { AttackDocument } from "./attack-document.js";
import type { RunFigures } from "./goal.js";
import type { Trial } from "./trial-runner.js";

const CONFIDENCE = 0.95;

/** The figures of the attacked policy in a world, and of its baseline behind it. */
export function sidesOf({ scenario, figures: { policy, against } }: Trial): AttackDocument["sides"] {
  return [policy, ...(against === undefined ? [] : [against])].map((runs, i) => {
    const figure = (value: (run: RunFigures) => number) => estimate(runs.map(value), CONFIDENCE);
    return {
      policy: scenario.policies[i].name,
      met: runs.filter((run) => run.met).length,
      of: runs.length,
      excess: figure((run) => run.excess),
      cost: figure((run) => run.cost),
      turnsPerHour: figure((run) => run.turnsPerHour),
    };
  });
}
