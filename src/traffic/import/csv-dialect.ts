/**
 * Separators that a CSV may have, the rarest first: in a header with equally many of two, the
 * rarer one separates.
 */
const SEPARATORS = ["\t", ";", "|", ","] as const;

/** How a CSV is written. */
export interface CsvDialect {
  readonly separator: string;
  /** Lines before the header that are no records (`sep=;`, as Excel and Grafana write it). */
  readonly headLines: number;
}

/**
 * Takes the separator from a `sep=` line, or from the header: the one that occurs most often
 * there, outside quotes.
 */
export function dialectOf(start: string): CsvDialect {
  const lines = start.replace(/^(?:\ufeff|\u00ef\u00bb\u00bf)/, "").split(/\r?\n/);
  const stated = /^"?sep=(.)"?$/i.exec(lines[0] ?? "");
  if (stated !== null) return { separator: stated[1], headLines: 1 };
  const header = (lines.find((line) => line.trim() !== "" && !line.startsWith("#")) ?? "").replaceAll(
    /"(?:[^"]|"")*"/g,
    "",
  );
  let separator = ",";
  let most = 0;
  for (const candidate of SEPARATORS) {
    const count = header.split(candidate).length - 1;
    if (count > most) {
      most = count;
      separator = candidate;
    }
  }
  return { separator, headLines: 0 };
}

/**
 * How numbers are written: `point` 1,234.5; `comma` 1.234,5; undefined = with a point and without
 * thousands.
 */
export type DecimalMark = "point" | "comma" | undefined;

const PLAIN = /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/;
const POINT = /^[-+]?\d{1,3}(,\d{3})+(\.\d+)?$/;
const COMMA = /^[-+]?(\d+|\d{1,3}(\.\d{3})+)(,\d+)?$/;
const UNKNOWN = /^(nan|null|na|n\/a|-)?$/i;

/** Is the cell empty, or one of the words for "unknown"? */
export function isUnknown(text: string): boolean {
  return UNKNOWN.test(text);
}

/** A number as written; NaN = unknown; undefined if it is no number, or is ambiguous. */
export function numberOf(text: string, mark: DecimalMark): number | undefined {
  if (isUnknown(text)) return Number.NaN;
  if (mark === "comma") return COMMA.test(text) ? Number(text.replaceAll(".", "").replace(",", ".")) : undefined;
  if (PLAIN.test(text)) return Number(text);
  return mark === "point" && POINT.test(text) ? Number(text.replaceAll(",", "")) : undefined;
}

/** Is it a number in any of the ways of writing? */
export function looksNumeric(text: string): boolean {
  return PLAIN.test(text) || POINT.test(text) || COMMA.test(text);
}

/** Whether its point may be a decimal mark or a separator of thousands (1.300). */
export function mayHaveThousands(text: string): boolean {
  return /^[-+]?[1-9]\d{0,2}\.\d{3}$/.test(text);
}
