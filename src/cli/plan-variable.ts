import { InputError } from "../base/errors.js";
import type { PlainValue, WrittenRange } from "../world/scenario/schema/value-range.js";

/** PATH=FROM..TO..STEP, PATH=FROM..TO (whole numbers) or PATH=A,B,C of the option --variable. */
export function variableOption(text: string): { readonly path: string; readonly range: WrittenRange } {
  const at = text.indexOf("=");
  const path = text.slice(0, at).trim();
  const written = text.slice(at + 1).trim();
  if (at < 1 || path === "" || written === "") throw refused(text);
  const bounds = written.split("..");
  if (bounds.length === 1) {
    const values = written.split(",").map((one) => one.trim());
    if (values.some((one) => one === "")) throw refused(text);
    return { path, range: values.map(plain) };
  }
  const [from, to, step = "1"] = bounds.map((bound) => bound.trim());
  if (bounds.length > 3 || [from, to, step].some((bound) => bound === "")) throw refused(text);
  return { path, range: { from: bound(from), to: bound(to), step: bound(step) } };
}

function bound(text: string): string | number {
  const value = plain(text);
  return typeof value === "boolean" ? text : value;
}

function plain(text: string): PlainValue {
  if (text === "true" || text === "false") return text === "true";
  const number = Number(text);
  return text !== "" && Number.isFinite(number) ? number : text;
}

function refused(text: string): InputError {
  return new InputError({
    code: "HR1005",
    where: "--variable",
    got: `"${text.slice(0, 100)}"`,
    expected: "PATH=FROM..TO..STEP or PATH=A,B,C",
    remedy: "For example --variable fleet.regions.eu.hosts=2..20..1",
  });
}
