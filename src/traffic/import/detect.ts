import { open } from "node:fs/promises";
import { basename } from "node:path";
import { InputError } from "../../base/errors.js";
import { checkRegularFile } from "../regular-file.js";
import { AccessLog } from "./access-log.js";
import { readStart } from "./file-start.js";
import { LAYOUTS, type Layout } from "./layout.js";
import { readLines } from "./line-reader.js";
import { LoadBalancerLog } from "./load-balancer-log.js";
import { S3Log } from "./s3-log.js";
import { isW3cHead } from "./w3c-log.js";

/** Logs that their first line gives away. */
const LOGS = [() => new S3Log(), () => new LoadBalancerLog(), () => new AccessLog()] as const;

/**
 * Guesses the layout of an input from its address, its name and its first lines. Throws InputError
 * when nothing fits.
 */
export async function detectLayout(input: string): Promise<Layout> {
  if (/^https?:\/\//.test(input)) return "prometheus";
  const name = basename(input);
  if (/^page(views|counts)-\d{8}-\d{6}/.test(name)) return "wikipedia";
  checkRegularFile(input, "a file");
  if (await startsWith(input, "PAR1")) return "parquet";
  const start = (await readStart(input)).replace(/^\u00ef\u00bb\u00bf/, "");
  if (isW3cHead(start)) return "w3c-log";
  const first = start
    .split("\n")
    .find((line) => line.trim() !== "" && !line.startsWith("#"))
    ?.trim();
  if (first === undefined) for await (const _ of readLines(input)) break;
  else {
    if (first.startsWith("HashOwner,HashApp,")) return "azure-functions";
    if (/^\{\s*"status"\s*:/.test(first) && first.includes('"resultType"')) return "prometheus";
    if (first.startsWith("{")) return /^\{\s*$/.test(first) ? "prometheus" : "json-log";
    const log = LOGS.find((one) => one().parse(first));
    if (log !== undefined) return log().name;
    if (/[,;\t]|^"?sep=/.test(first)) return "csv";
  }
  throw new InputError({
    code: "HR1401",
    where: input,
    got: "a layout that is not recognised",
    expected: `one of ${LAYOUTS.join(", ")}`,
    remedy: "Name it with --as",
  });
}

async function startsWith(file: string, magic: string): Promise<boolean> {
  try {
    const handle = await open(file);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(magic.length), 0, magic.length, 0);
      return bytesRead === magic.length && buffer.toString("latin1") === magic;
    } finally {
      await handle.close();
    }
  } catch {
    // The line reader reports the fault of the file.
    return false;
  }
}
