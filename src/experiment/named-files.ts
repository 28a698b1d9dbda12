import { dirname, isAbsolute, relative, resolve } from "node:path";
import type { ErrorCode } from "../base/error-codes/all.js";
import { InputError } from "../base/errors.js";
import type { SourceText } from "../traffic/yaml-text.js";
import type { ScenarioFault } from "../world/scenario/schema/issues.js";
import { locatedFaults } from "./located-faults.js";

/** Faults of a file as a whole: it is missing, no ordinary file, binary, or too large. */
const fileFaults: readonly ErrorCode[] = ["HR1101", "HR1102", "HR1103", "HR1104"];

/** The files that a scenario names. Their paths are relative to the scenario's own folder. */
export class NamedFiles {
  private readonly file: string;
  private readonly text: SourceText;
  private readonly folder: string;

  /** `file` is the scenario's name in messages; `text` has the line and column of each key. */
  constructor(file: string, text: SourceText) {
    this.file = file;
    this.text = text;
    this.folder = dirname(resolve(file));
  }

  at(path: string): string {
    return isAbsolute(path) ? path : resolve(this.folder, path);
  }

  /**
   * The path as a user would write it: relative to the working folder, unless it is far above
   * that.
   */
  shown(path: string): string {
    const full = this.at(path);
    const short = relative(process.cwd(), full);
    return short === "" || short.startsWith("../../..") ? full : short;
  }

  /** The fault of a key of the scenario, at its place. */
  faultAt(fault: ScenarioFault): InputError {
    return locatedFaults(this.file, this.text, [fault]);
  }

  /**
   * Reads the file named at these keys. If it cannot be opened, the InputError has the position
   * of the key; a fault inside the file has its own.
   */
  async read<T>(keys: readonly (string | number)[], path: string, read: (file: string) => Promise<T>): Promise<T> {
    const name = this.shown(path);
    try {
      return await read(name);
    } catch (error) {
      if (!(error instanceof InputError) || !fileFaults.includes(error.fault.code) || error.fault.where !== name)
        throw error;
      const { where: _where, ...fault } = error.fault;
      throw locatedFaults(this.file, this.text, [{ ...fault, path: keys, got: `${name}: ${fault.got}` }]);
    }
  }
}
