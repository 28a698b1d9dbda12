import { type Stats, statSync } from "node:fs";
import { InputError } from "../base/errors.js";

/**
 * Refuses anything but an ordinary file before it reads a byte: a device such as /dev/zero never
 * ends, and a FIFO without a writer never answers. A path that does not exist passes: its reader
 * reports it. Throws InputError.
 */
export function checkRegularFile(file: string, expected: string): void {
  let stats: Stats;
  try {
    stats = statSync(file);
  } catch {
    return;
  }
  const kind = specialKind(stats);
  if (kind === undefined) return;
  throw new InputError({
    code: "HR1102",
    where: file,
    got: kind,
    expected,
    remedy: "Write the data to an ordinary file first, and name that",
  });
}

/** The kind of a path that is neither a file nor a directory; undefined for those two. */
function specialKind(stats: Stats): string | undefined {
  if (stats.isFile() || stats.isDirectory()) return undefined;
  if (stats.isFIFO()) return "a FIFO (a named pipe)";
  if (stats.isSocket()) return "a socket";
  return "a device";
}
