// One format is one file in decoders/, named as scenarios name it. It is found by its name; it has
// no other registration. A decoder checks and changes no byte: streamlets forward what came. A
// writer makes flawless streams for the load generator and for calibration.
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { InputError } from "../../base/errors.js";
import { closest } from "../../base/spelling.js";

/** What one stream has looked like so far. */
export interface StreamQuality {
  /** Packets or frames that were recognised, and bytes that came, whole or not. */
  readonly units: number;
  /**
   * Nothing of the format was found in what came: another format, most likely. False where nothing
   * came.
   */
  readonly unrecognised: boolean;
  readonly bytes: number;
  /** Faults by kind; the kinds are the format's own and always all there. */
  readonly errors: Readonly<Record<string, number>>;
  /** Σ of the faults that count as errors. */
  readonly errorCount: number;
  /**
   * Smoothed difference between sending and arrival times in ms; 0 where the format carries no
   * clock.
   */
  readonly jitterMs: number;
}

/**
 * An incremental check of one stream: pure but for its own state. However the bytes are cut into
 * chunks, the counts are the same.
 */
export interface Decoder {
  /**
   * Takes the next bytes, which arrived at `atMs` of any monotonic clock; keeps no reference to the
   * chunk, never throws.
   */
  push(chunk: Uint8Array, atMs: number): void;
  /** No more bytes come: what is left over is judged. */
  end(): void;
  quality(): StreamQuality;
}

/**
 * Makes a flawless stream of one format, unit by unit; two writers of one format make the same
 * bytes.
 */
export interface StreamWriter {
  /** All units are of this length. */
  readonly unitBytes: number;
  /** The next `count` units in one piece, which is the caller's. */
  take(count: number): Uint8Array;
}

export type CreateWriter = (bitsPerSecond: number) => StreamWriter;

export interface FormatModule {
  createDecoder(): Decoder;
  /** Loads what only writers need: a streamlet starts without it. */
  loadWriter(): Promise<CreateWriter>;
}

const FOLDER = new URL("./decoders/", import.meta.url);

/** The formats that this build can decode, in alphabetical order. */
export function knownFormats(): string[] {
  const names = readdirSync(fileURLToPath(FOLDER)).map((file) => /^([a-z0-9-]+)\.[jt]s$/.exec(file)?.[1]);
  return names.filter((name) => name !== undefined).sort();
}

/** Throws an InputError for a format that there is no decoder for. */
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
