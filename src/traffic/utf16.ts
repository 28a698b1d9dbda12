import { InputError } from "../base/errors.js";

/** A text in UTF-16, as spreadsheets export it, begins with the mark of its byte order. */
export function isUtf16(start: Uint8Array): boolean {
  return (start[0] === 0xff && start[1] === 0xfe) || (start[0] === 0xfe && start[1] === 0xff);
}

/** The refusal of such a file, with the command that converts it. */
export function utf16(file: string): InputError {
  return new InputError({
    code: "HR1103",
    where: file,
    got: "a text in UTF-16",
    expected: "one in UTF-8",
    remedy: `Convert it: iconv -f UTF-16 -t UTF-8 ${file}`,
  });
}
