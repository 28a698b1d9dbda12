import { InputError } from "../base/errors.js";

/** An option's text as a whole number; an InputError names the option. */
export function wholeNumber(option: string, text: string | undefined, least: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== "" && Number.isSafeInteger(value) && value >= least) return value;
  const bound = least === Number.MIN_SAFE_INTEGER ? "" : ` of at least ${least}`;
  throw new InputError({ code: "HR1004", where: `--${option}`, got: shown(text), expected: `a whole number${bound}` });
}

/** An option's text as a finite number above 0. */
export function positiveNumber(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value > 0) return value;
  throw new InputError({ code: "HR1004", where: `--${option}`, got: shown(text), expected: "a number above 0" });
}

/** Yargs makes a list of an option that is given twice; only those named in `lists` are meant to be one. */
export function refuseRepeated(argv: Readonly<Record<string, unknown>>, lists: readonly string[]): void {
  for (const [option, value] of Object.entries(argv)) {
    if (!Array.isArray(value) || option === "_" || lists.includes(option)) continue;
    throw new InputError({ code: "HR1002", where: `--${option}`, got: `${value.length} values`, expected: "one" });
  }
}

function shown(text: string): string {
  return Number.isNaN(Number(text)) || text.trim() === "" ? `"${text.slice(0, 40)}"` : text;
}
