// Workload B: workload-b.yaml through `simulate`, that is through the real balancer, manager,
// gateway, recorder and policy; against the same model in C++ (workload-b.cpp). Both in steady
// state: a first day warms up and is not counted.
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { readScenario } from "../../dist/experiment/scenario-file.js";
import { simulate } from "../../dist/world/simulate.js";
import { noUserModules } from "../../dist/world/user-modules.js";
import { alternate, cpuNsOf, jsonOf, median, noCompiler, withCpp } from "./measure.mjs";

const ROUNDS = 7;
const WARM_UP_RUNS = 2;

export async function run() {
  const scenario = await readScenario(fileURLToPath(new URL("./workload-b.yaml", import.meta.url)));
  const wallRates = [];
  const cpuRates = [];
  const day = (replication) => {
    const began = performance.now();
    const { result, cpuNs } = cpuNsOf(() => simulate(scenario, scenario.policies[0], replication, noUserModules));
    wallRates.push(result.events / (performance.now() - began) / 1000);
    cpuRates.push((result.events / cpuNs) * 1000);
    return cpuNs / result.events;
  };
  for (let i = 0; i < WARM_UP_RUNS; i++) day(i);
  wallRates.length = 0;
  cpuRates.length = 0;
  const cpp = await withCpp("workload-b.cpp", (binary) =>
    alternate(
      ROUNDS,
      (round) => day(round),
      () => jsonOf(binary, ["1"]).nsPerEvent,
    ),
  );
  if (cpp === undefined) for (let round = 0; round < ROUNDS; round++) day(round);
  const rows = [
    {
      key: "workloadB.millionEventsPerSecond",
      what: "B: a day of streams through simulate, events per CPU second",
      value: median(cpuRates),
      unit: "M/s",
      atLeast: 2.6,
      detail: `${median(wallRates).toFixed(2)} M/s by the wall clock`,
    },
  ];
  const key = "workloadB.againstCpp";
  const what = "B: CPU time against the same model in C++";
  if (cpp === undefined) return [...rows, { key, what, absent: noCompiler }];
  const detail = `${cpp.ours.toFixed(0)} against ${cpp.reference.toFixed(0)} ns/event`;
  return [...rows, { key, what, value: cpp.ratio, unit: "×", atMost: 2.6, detail }];
}
