import type { DecimalMark } from "../csv-dialect.js";
import type { Imported } from "../import-log.js";
import type { LabelRules } from "../label-rule.js";
import type { TimestampReader } from "../timestamp.js";
import type { ValueMeaning } from "../value-meaning.js";

/** The options of `trace import`, read and checked. */
export interface ImportRequest {
  readonly inputs: readonly string[];
  readonly rules: LabelRules;
  readonly binMs: number;
  /** Only requests in [fromMs, toMs); infinite where no bound is given. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly timestamps: TimestampReader;
  readonly timestamp: string | undefined;
  readonly value: string | undefined;
  readonly decimal: DecimalMark | undefined;
  readonly lenient: boolean;
  /** The regular expression of a line. */
  readonly pattern: string | undefined;
  /** The meaning of a count or rate in the input; undefined = the layout's usual one. */
  readonly values: ValueMeaning | undefined;
  /** Prometheus: the query and its step. */
  readonly query: string | undefined;
  readonly stepMs: number;
  /** Azure Functions: the date of day 01. */
  readonly firstDayMs: number;
  /** Wikipedia: the only domain code that counts. */
  readonly project: string | undefined;
  readonly onProgress: (share: number) => void;
  readonly signal: AbortSignal;
}

/** Options that every file has a use for. */
export const COMMON_OPTIONS = ["bin", "from", "to", "region", "format", "segment"] as const;
export const TIME_OPTIONS = ["timezone", "epoch", "unit", "dates", "timestamp"] as const;

/** The options that only some layouts use, and those that all use. */
type LayoutOption =
  | (typeof COMMON_OPTIONS)[number]
  | (typeof TIME_OPTIONS)[number]
  | ("value" | "decimal" | "lenient" | "pattern" | "query" | "step" | "values" | "first-day" | "project");

/** One way to read inputs of a layout. Throws InputError with the place of the fault. */
export interface LayoutReader {
  /** As error messages name it. */
  readonly name: string;
  /** The options that it acts on; the others are refused. */
  readonly options: readonly LayoutOption[];
  /** Remedies for certain refused options. */
  readonly remedies?: Partial<Readonly<Record<LayoutOption, string>>>;
  read(request: ImportRequest): Promise<Imported>;
}

/**
 * A layout that can be imported: a choice of `trace import --as`. At least one of `isAddress`,
 * `magic`, `isStart` and `chosenBy` selects it. Modules that take long to load are loaded in
 * `read`.
 */
export interface Layout extends LayoutReader {
  /** The fields that a label rule may name; empty = any. */
  readonly fields: readonly string[];
  /** Its files hold counts; they are cut to whole bins in [fromMs, toMs) after they are read. */
  readonly isCutAfterwards: boolean;
  /** How it is read where the input is the address of a server. */
  readonly server?: LayoutReader;
  /** The option that only this layout has, and that selects it where `--as` is left out. */
  readonly chosenBy?: LayoutOption;
  /** Recognises it by the path or the address. */
  isAddress?(input: string): boolean;
  /** The first bytes of its files. */
  readonly magic?: string;
  /** Recognises it by the first lines, and by the first that is neither empty nor a comment. */
  isStart?(start: string, firstLine: string): boolean;
}
