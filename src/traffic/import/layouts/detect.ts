import { open } from "node:fs/promises";
import { InputError } from "../../../base/errors.js";
import { checkRegularFile } from "../../regular-file.js";
import { readStart } from "../file-start.js";
import { readLines } from "../line-reader.js";
import type { Layout } from "./layout.js";
import { layoutNames, layouts } from "./layouts.js";

const MAGIC_BYTES = 4;

/**
 * Recognises the layout of an input by its address, its first bytes or its first lines. Throws
 * InputError when nothing fits.
 */
export async function detectLayout(input: string): Promise<Layout> {
  const byAddress = layouts.find((layout) => layout.isAddress?.(input) === true);
  if (byAddress !== undefined) return byAddress;
  checkRegularFile(input, "a file");
  const magic = await firstBytes(input);
  const byMagic = layouts.find((layout) => layout.magic !== undefined && layout.magic === magic);
  if (byMagic !== undefined) return byMagic;
  const start = (await readStart(input)).replace(/^\u00ef\u00bb\u00bf/, "");
  const firstLine = start
    .split("\n")
    .find((line) => line.trim() !== "" && !line.startsWith("#"))
    ?.trim();
  if (/^\[\s*(\{|$)/.test(firstLine ?? ""))
    throw new InputError({
      code: "HR1401",
      where: input,
      got: "a JSON array",
      expected: "one object per line",
      remedy: `Write it so: jq -c '.[]' FILE > lines.json`,
    });
  const byStart = layouts.find((layout) => layout.isStart?.(start, firstLine ?? "") === true);
  if (byStart !== undefined) return byStart;
  // The line reader reports why there is no line.
  if (firstLine === undefined) for await (const _ of readLines(input)) break;
  throw new InputError({
    code: "HR1401",
    where: input,
    got: "a layout that is not recognised",
    expected: `one of ${layoutNames.join(", ")}`,
    remedy: "Name it with --as, or describe a log's lines with --pattern",
  });
}

/** The layout of all inputs. Throws InputError where they differ. */
export async function commonLayout(inputs: readonly string[]): Promise<Layout> {
  const found = await Promise.all(inputs.map(detectLayout));
  const other = found.findIndex((layout) => layout !== found[0]);
  if (other < 0) return found[0];
  throw new InputError({
    code: "HR1402",
    where: inputs[other],
    got: `the layout ${found[other].name} beside ${found[0].name} of ${inputs[0]}`,
    expected: "inputs of one layout",
    remedy: "Import them one by one, or name the layout with --as",
  });
}

/** The first bytes as they are, compressed or not. */
async function firstBytes(file: string): Promise<string | undefined> {
  try {
    const handle = await open(file);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(MAGIC_BYTES), 0, MAGIC_BYTES, 0);
      return buffer.toString("latin1", 0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch {
    // The line reader reports the fault of the file.
    return undefined;
  }
}
