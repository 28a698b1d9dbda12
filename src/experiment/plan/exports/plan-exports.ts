import type { Design } from "../day-runs.js";
import { Designs } from "../designs.js";
import type { PlanQuestion } from "../question.js";
import { size } from "../size.js";
import { awsExport } from "./aws-export.js";
import { capacityBufferExport, nodePoolExport } from "./cluster-export.js";
import type { ExportFile, ExportSource } from "./export-file.js";
import { hpaExport } from "./hpa-export.js";
import { kedaExport } from "./keda-export.js";
import { knativeExport } from "./knative-export.js";
import { liveExport } from "./live-export.js";

/**
 * Every file to carry the plan out with. Which ones there are depends on its policy and on the
 * scenario.
 */
export async function planExports(question: PlanQuestion, design: Design, folder: string): Promise<ExportFile[]> {
  const source = await exportSource(question, design);
  return [
    ...hpaExport(source),
    ...kedaExport(source),
    ...knativeExport(source),
    ...capacityBufferExport(source),
    ...nodePoolExport(source),
    ...awsExport(source),
    liveExport(question, design, folder),
  ];
}

export async function exportSource(question: PlanQuestion, design: Design): Promise<ExportSource> {
  const scenario = await new Designs(question).scenario(design.policy, design.choice);
  return { scenario, sizing: size(scenario) };
}
