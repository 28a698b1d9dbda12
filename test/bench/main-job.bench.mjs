// The policies of the shipped main job, per event: hpa on evening-peak over workload B, and
// predictive over hpa. V8 compiles the same code otherwise in each process, by which a ratio
// differs by 5 %: so the median of several processes counts.
import { fileURLToPath } from "node:url";
import { jsonOf, median } from "./measure.mjs";

const PROCESSES = 5;

export async function run() {
  const file = fileURLToPath(new URL("main-job-rounds.mjs", import.meta.url));
  const processes = Array.from({ length: PROCESSES }, () => jsonOf(process.execPath, [file]));
  const ratio = (over, under) =>
    median(processes.map((rounds) => median(rounds.map((each) => each[over] / each[under]))));
  const ns = (key) => median(processes.map((rounds) => median(rounds.map((each) => each[key])))).toFixed(0);
  return [
    {
      key: "mainJob.hpaOverB",
      what: "hpa on evening-peak, CPU time per event over workload B's",
      value: ratio("hpa", "workloadB"),
      unit: "×",
      atMost: 1.4,
      detail: `${ns("hpa")} against ${ns("workloadB")} ns/event`,
    },
    {
      key: "mainJob.predictiveOverHpa",
      what: "predictive on evening-peak, CPU time per event over hpa's",
      value: ratio("predictive", "hpa"),
      unit: "×",
      atMost: 1.25,
      detail: `${ns("predictive")} against ${ns("hpa")} ns/event`,
    },
  ];
}
