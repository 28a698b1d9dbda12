/** Why a line is no request of its layout. */
export interface RecordFault {
  readonly got: string;
  readonly remedy: string;
}

/**
 * One way to write a request as a line. `parse` fills the format itself with the record: a line
 * allocates nothing.
 */
export interface RecordFormat {
  readonly name: string;
  /** The fields that a rule may name; empty = any. */
  readonly fields: readonly string[];
  /** How the lines were read, in words. */
  readonly readAs: string;
  /** Why the last broken line was broken; undefined if there is no reason to add. */
  readonly fault?: RecordFault | undefined;
  /** Is called before the first line of each file. */
  startFile?(): void;
  /** Lines that are no records, such as the head of a file; they are skipped. */
  isComment?(line: string): boolean;
  /** False when the line is broken; else `atMs`, and `field` answers for this line. */
  parse(line: string): boolean;
  /** Instant of the last line parsed, ms since 1970 (UTC). */
  readonly atMs: number;
  /** The keys of the last line parsed, where a layout has no fixed fields. */
  readonly keys?: readonly string[];
  /** A field of the last line parsed; undefined when it has none of that name. */
  field(name: string): string | undefined;
}
