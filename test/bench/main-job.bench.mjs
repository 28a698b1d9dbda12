// The policies of the shipped main job, per event: hpa on evening-peak over workload B, and
// predictive over hpa. In turn, in one process.
import { fileURLToPath } from "node:url";
import { readScenario } from "../../dist/experiment/scenario-file.js";
import { simulate } from "../../dist/world/simulate.js";
import { noUserModules } from "../../dist/world/user-modules.js";
import { cpuNsOf, median } from "./measure.mjs";

const ROUNDS = 7;

function nsPerEvent(scenario, kind, replication) {
  const policy = scenario.policies.find((each) => each.kind === kind);
  const { result, cpuNs } = cpuNsOf(() => simulate(scenario, policy, replication, noUserModules));
  return cpuNs / result.events;
}

export async function run() {
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
  const counted = rounds.slice(1);
  const [hpa, predictive, b] = ["hpa", "predictive", "workloadB"].map((key) =>
    median(counted.map((each) => each[key])),
  );
  return [
    {
      key: "mainJob.hpaOverB",
      what: "hpa on evening-peak, CPU time per event over workload B's",
      value: median(counted.map((each) => each.hpa / each.workloadB)),
      unit: "×",
      atMost: 1.4,
      detail: `${hpa.toFixed(0)} against ${b.toFixed(0)} ns/event`,
    },
    {
      key: "mainJob.predictiveOverHpa",
      what: "predictive on evening-peak, CPU time per event over hpa's",
      value: median(counted.map((each) => each.predictive / each.hpa)),
      unit: "×",
      atMost: 1.25,
      detail: `${predictive.toFixed(0)} against ${hpa.toFixed(0)} ns/event`,
    },
  ];
}
