// size-a-fleet.ts: npx tsx size-a-fleet.ts plan.yaml traffic.csv
import { forecast, InputError, type PlanDocument, plan, readScenario } from "headrace";

const [scenarioFile, traceFile] = process.argv.slice(2);
const giveUp = AbortSignal.timeout(10 * 60_000);

try {
  const scenario = await readScenario(scenarioFile);
  const answer: PlanDocument = await plan(scenarioFile, { quick: true, signal: giveUp });
  console.log(`${scenario.name}: feasible ${answer.feasible}`);
  for (const { text, stamp } of answer.statements) console.log(`- ${text} (${stamp})`);

  const { champion, outlook, series } = await forecast(traceFile, { models: ["ensemble", "last-value"], signal: giveUp });
  const middle = outlook.levels.indexOf(0.5);
  const next = outlook.quantiles[middle][0];
  console.log(`${champion}: about ${Math.round(next)} requests in the next ${series.binMs / 60_000} min`);
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
