/** One way in which a line can be a request. `parse` fills the record that the format itself is, so that a line allocates nothing. */
export interface RecordFormat {
  readonly name: string;
  /** The fields that a rule may name. */
  readonly fields: readonly string[];
  /** False when the line is broken; else `atMs`, and `field` answers for this line. */
  parse(line: string): boolean;
  /** Instant of the last line parsed, ms since 1970 (UTC). */
  readonly atMs: number;
  /** A field of the last line parsed; undefined when it has none of that name. */
  field(name: string): string | undefined;
}
