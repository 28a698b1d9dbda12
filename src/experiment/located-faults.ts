import { InputError, type InputFault } from "../base/errors.js";
import type { SourceText } from "../traffic/yaml-text.js";
import type { ScenarioFault } from "../world/scenario/schema/issues.js";

/** More faults than this are counted, not listed. */
const FAULTS_SHOWN = 20;

/** The faults of one document as one error, with the position of each in the file. */
export function locatedFaults(file: string, text: SourceText, faults: readonly ScenarioFault[]): InputError {
  const located: InputFault[] = faults.slice(0, FAULTS_SHOWN).map((fault) => ({
    code: fault.code ?? "HR1204",
    where: text.place(fault.path, fault.atKey),
    got: fault.path.length === 0 || fault.atKey === true ? fault.got : `${pathText(fault.path)}: ${fault.got}`,
    ...(fault.expected === undefined ? {} : { expected: fault.expected }),
    ...(fault.remedy === undefined ? {} : { remedy: fault.remedy }),
  }));
  if (faults.length > FAULTS_SHOWN)
    located.push({ code: "HR1205", where: file, got: `and ${faults.length - FAULTS_SHOWN} more faults` });
  return new InputError(
    located[0] ?? { code: "HR1206", where: file, got: "a document that cannot be used" },
    located.slice(1),
  );
}

function pathText(path: readonly (string | number)[]): string {
  return path.map((step, i) => (typeof step === "number" ? `[${step}]` : i === 0 ? step : `.${step}`)).join("");
}
