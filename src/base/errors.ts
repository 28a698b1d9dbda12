import type { ErrorCode } from "./error-codes/all.js";

/** The place of a fault in a file of the user; line and column count from 1. */
export interface SourcePlace {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/**
 * A fault of the input: where it is, what was found, what was expected, what to do about it, and
 * the code under which docs/errors.md has its cause and cure.
 */
export interface InputFault {
  readonly code: ErrorCode;
  readonly where?: SourcePlace | string;
  readonly got: string;
  readonly expected?: string;
  readonly remedy?: string;
}

/**
 * The user's input is at fault: the command ends with exit code 2 and this message, without a stack
 * trace.
 */
export class InputError extends Error {
  override readonly name = "InputError";
  readonly fault: InputFault;
  /** Further faults of the same input, one line each in the message. */
  readonly others: readonly InputFault[];

  constructor(fault: InputFault, others: readonly InputFault[] = []) {
    super([fault, ...others].map(describeFault).join("\n"));
    this.fault = fault;
    this.others = others;
  }
}

/** `file:line:column` of a place, as editors and terminals make it clickable. */
function describePlace(place: SourcePlace | string): string {
  if (typeof place === "string") return place;
  const line = place.line === undefined ? "" : `:${place.line}`;
  const column = place.line === undefined || place.column === undefined ? "" : `:${place.column}`;
  return `${place.file}${line}${column}`;
}

function describeFault(fault: InputFault): string {
  const where = fault.where === undefined ? "" : `${describePlace(fault.where)}: `;
  const expected = fault.expected === undefined ? "" : `; expected ${fault.expected}`;
  const remedy = fault.remedy === undefined ? "" : `. ${fault.remedy}`;
  return `${where}${fault.got}${expected}${remedy} [${fault.code}]`;
}
