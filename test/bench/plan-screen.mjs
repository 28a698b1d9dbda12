// How much could an approximate model save that screens designs before they are simulated? For
// each scenario: the days that the search simulates, those of its winner, those of designs that
// it gave up, and of these the days of designs that exceed a bound at least four times. A model
// whose waits are 4 to 9 times too long could recognise only the last. `node
// test/bench/plan-screen.mjs [SCENARIO…]`
import { DayRuns } from "../../dist/experiment/plan/day-runs.js";
import { Designs, designKey } from "../../dist/experiment/plan/designs.js";
import { readQuestion } from "../../dist/experiment/plan/question.js";
import { searchDesigns } from "../../dist/experiment/plan/search-designs.js";
import { size, sizedValue } from "../../dist/experiment/plan/size.js";

const DAYS = 59;
const COST_DAYS = 10;
const FAR_OFF = 4;
const files =
  process.argv.length > 2
    ? process.argv.slice(2)
    : ["plan-commitment", "plan-quarter", "plan-policy", "plan-regions"].map((name) => `scenarios/${name}.yaml`);

process.stdout.write(
  "| scenario | days of the search | of the winner | of designs given " +
    "up | of these four times above a bound |\n|---|---|---|---|---|\n",
);
for (const file of files) {
  const question = await readQuestion(file);
  const sizing = size(question.scenario);
  const runs = new DayRuns(new Designs(question), question.survive, {});
  const byDesign = new Map();
  const run = runs.run.bind(runs);
  runs.run = async (wanted) => {
    const outcomes = await run(wanted);
    wanted.forEach(({ design, day }, i) => {
      const key = designKey(design.policy, design.choice);
      const own = byDesign.get(key) ?? new Map();
      own.set(`${day.world}/${day.replication}`, outcomes[i]);
      byDesign.set(key, own);
    });
    return outcomes;
  };
  const days = (world, count) => Array.from({ length: count }, (_, replication) => ({ world, replication }));
  const worlds = question.survive.map((_, i) => i + 1);
  const spec = {
    policies: question.scenario.policies.length,
    variables: question.variables,
    days:
      worlds.length === 0 ? days(0, DAYS) : [...days(0, COST_DAYS), ...worlds.flatMap((world) => days(world, DAYS))],
    costDays: worlds.length === 0 ? DAYS : COST_DAYS,
    mayMiss: 0,
    sized: ({ steps }) => sizedValue(sizing, steps),
  };
  const { winner } = await searchDesigns(spec, runs);
  const winnerKey = winner === undefined ? "" : designKey(winner.design.policy, winner.design.choice);
  const counts = { all: 0, winner: 0, givenUp: 0, farOff: 0 };
  for (const [key, own] of byDesign) {
    const outcomes = [...own.values()];
    counts.all += outcomes.length;
    if (key === winnerKey) counts.winner += outcomes.length;
    const excess = Math.max(
      0,
      ...outcomes.flatMap(({ misses }) => misses.map(({ share, allowed }) => share / Math.max(allowed, 1e-9))),
    );
    if (excess > 1) counts.givenUp += outcomes.length;
    if (excess >= FAR_OFF) counts.farOff += outcomes.length;
  }
  process.stdout.write(
    `| ${question.scenario.name} | ${counts.all} | ${counts.winner} | ${counts.givenUp} | ${counts.farOff} |\n`,
  );
}
