import { readFile } from "node:fs/promises";
import { InputError } from "../base/errors.js";

/** The bearer token in a file; throws InputError where there is none. */
export async function readToken(file: string): Promise<string> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new InputError({
      code: "HR1101",
      where: file,
      got: `a file that cannot be read (${error.code})`,
      expected: "the bearer token",
    });
  });
  const token = text.trim();
  if (/^[!-~]{16,512}$/.test(token)) return token;
  throw new InputError({
    code: "HR1508",
    where: file,
    got: "no token",
    expected: "one word of 16 to 512 visible characters",
  });
}
