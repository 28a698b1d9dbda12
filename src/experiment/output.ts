import { createWriteStream } from "node:fs";
import { access, constants, mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { InputError } from "../base/errors.js";

/** Writes to a temporary name beside the file, then renames: a reader never sees half of it. */
export async function writeFileAtomically(file: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(temporary, content);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw unwritable(file, error);
  }
}

/**
 * A scenario's name as a folder name: letters, digits, dots and hyphens, so that no name leaves the
 * output folder.
 */
export function folderName(name: string): string {
  const safe = name.replaceAll(/[^\p{L}\p{N}._-]+/gu, "-").replaceAll(/^[.-]+|[.-]+$/g, "");
  return safe === "" ? "scenario" : safe.slice(0, 80);
}

/** As `writeFileAtomically`, piece by piece, for files too large for one string. */
export async function writePiecesAtomically(file: string, pieces: Iterable<string>): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await pipeline(Readable.from(pieces), createWriteStream(temporary));
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw unwritable(file, error);
  }
}

/** Fails before the work if a folder cannot be made or written to. */
export async function checkFolder(folder: string): Promise<void> {
  let existing = resolve(folder);
  for (;;) {
    try {
      const found = await stat(existing);
      if (!found.isDirectory())
        throw new InputError({
          code: "HR1102",
          where: folder,
          got: "a file where a folder should be",
          expected: "a folder that can be written to",
          remedy: "Choose another --out",
        });
      await access(existing, constants.W_OK);
      break;
    } catch (error) {
      if (error instanceof InputError) throw error;
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "ENOENT" || dirname(existing) === existing) throw unwritable(folder, error);
      existing = dirname(existing);
    }
  }
  await probe(existing, folder);
}

/**
 * On a read-only mount or in /proc not even root can write, although all permission checks pass.
 * Only an attempt shows it.
 */
async function probe(existing: string, folder: string): Promise<void> {
  const file = join(existing, `.headrace-${process.pid}.tmp`);
  try {
    await writeFile(file, "");
  } catch (error) {
    throw unwritable(folder, error);
  } finally {
    await rm(file, { force: true }).catch(() => undefined);
  }
}

function unwritable(path: string, error: unknown): InputError {
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  return new InputError({
    code: "HR1106",
    where: path,
    got: `a place that cannot be written to (${code})`,
    expected: "a folder that can be written to",
    remedy: "Choose another one with --out",
  });
}
