// One format is one file in decoders/. Its file name is its name in scenarios; there is no other
// registration. A decoder checks bytes and changes none. A writer makes flawless streams for the
// load generator and for calibration.
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { InputError } from "../../base/errors.js";
import { closest } from "../../base/spelling.js";

/** Counts of one stream so far. */
export interface StreamQuality {
  /** Recognised packets or frames, and all bytes received. */
  readonly units: number;
  /**
   * Bytes arrived, but nothing of the format was found in them: most likely they have another
   * format.
   */
  readonly unrecognised: boolean;
  readonly bytes: number;
  /** Faults by kind. Each format has its own kinds, and all of them are present. */
  readonly errors: Readonly<Record<string, number>>;
  /** Sum of the faults that count as errors. */
  readonly errorCount: number;
  /** Smoothed variation of the transit time in ms; 0 for a format without a clock. */
  readonly jitterMs: number;
}

/**
 * An incremental check of one stream. The counts do not depend on how the bytes are cut into
 * chunks.
 */
export interface Decoder {
  /**
   * Takes the next bytes, which arrived at `atMs` of any monotonic clock. Keeps no reference to
   * the chunk and never throws.
   */
  push(chunk: Uint8Array, atMs: number): void;
  /** Ends the stream: judges the bytes that are left. */
  end(): void;
  quality(): StreamQuality;
}

/**
 * Makes a flawless stream of one format, unit by unit. Two writers of one format make the same
 * bytes.
 */
export interface StreamWriter {
  /** Length of each unit. */
  readonly unitBytes: number;
  /** The next `count` units in a new array. */
  take(count: number): Uint8Array;
}

export type CreateWriter = (bitsPerSecond: number) => StreamWriter;

export interface FormatModule {
  createDecoder(): Decoder;
  /** Loads the modules that only writers need; a streamlet starts without them. */
  loadWriter(): Promise<CreateWriter>;
}

const FOLDER = new URL("./decoders/", import.meta.url);

/** The formats that this build can decode, in alphabetical order. */
export function knownFormats(): string[] {
  const names = readdirSync(fileURLToPath(FOLDER)).map((file) => /^([a-z0-9-]+)\.[jt]s$/.exec(file)?.[1]);
  return names.filter((name) => name !== undefined).sort();
}

/** Loads a decoder. Throws InputError for a format that has none. */
export async function loadFormat(name: string): Promise<FormatModule> {
  const known = knownFormats();
  if (!known.includes(name)) {
    const meant = closest(name, known);
    throw new InputError({
      code: "HR1503",
      got: `the format "${name}"`,
      expected: `one of ${known.join(", ")} in live mode`,
      ...(meant === undefined ? {} : { remedy: `Did you mean "${meant}"?` }),
    });
  }
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return (await import(new URL(`${name}.${extension}`, FOLDER).href)) as FormatModule;
}
