// One process of the main-job part: prints the nanoseconds of CPU time per event of each round,
// [{hpa, predictive, workloadB}]. The three take turns.
import { fileURLToPath } from "node:url";
import { readScenario } from "../../dist/experiment/scenario-file.js";
import { simulate } from "../../dist/world/simulate.js";
import { noUserModules } from "../../dist/world/user-modules.js";
import { cpuNsOf } from "./measure.mjs";

const ROUNDS = 7;

function nsPerEvent(scenario, kind, replication) {
  const policy = scenario.policies.find((each) => each.kind === kind);
  const { result, cpuNs } = cpuNsOf(() => simulate(scenario, policy, replication, noUserModules));
  return cpuNs / result.events;
}

const read = (path) => readScenario(fileURLToPath(new URL(path, import.meta.url)));
const [evening, workloadB] = [await read("../../scenarios/evening-peak.yaml"), await read("./workload-b.yaml")];
const rounds = [];
// Round 0 compiles and is not counted.
for (let round = 0; round <= ROUNDS; round++) {
  rounds.push({
    hpa: nsPerEvent(evening, "hpa", round),
    predictive: nsPerEvent(evening, "predictive", round),
    workloadB: nsPerEvent(workloadB, "hpa", round),
  });
}
process.stdout.write(JSON.stringify(rounds.slice(1)));
