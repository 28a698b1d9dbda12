import { parseJson } from "./json-text.js";
import { readTextFile } from "./text-file.js";
import { parseWorkloadModel, type WorkloadModel } from "./workload-model.js";

/** Reads and checks a workload model (JSON); faults carry line and column. */
export async function readWorkloadModel(file: string): Promise<WorkloadModel> {
  const document = parseJson(file, await readTextFile(file, "a workload model (JSON)"));
  return parseWorkloadModel(file, document.value, document.place);
}
