import { linesOf, listKeyOf } from "./json-list.js";
import type { RecordFault, RecordFormat } from "./record-format.js";
import type { TimestampReader } from "./timestamp.js";

/** nginx's own names first, then what other servers and log shippers write. */
const TIME_KEYS = ["time_iso8601", "msec", "time_local", "time", "timestamp", "@timestamp", "ts", "date"];
/** The longest text that is tried as a time if the key is a guess. */
const MAX_TIME_LENGTH = 40;

/**
 * One JSON object per line, as nginx writes with `log_format … escape=json`; any key can be a
 * field, nested with dots.
 */
export class JsonLog implements RecordFormat {
  readonly name = "json-log";
  readonly fields: readonly string[] = [];
  atMs = Number.NaN;
  private isObject = true;
  private record: Readonly<Record<string, unknown>> = {};
  private readonly keysUsed = new Set<string>();

  constructor(
    private readonly timestamps: TimestampReader,
    /** Undefined: the first known key whose value is a time. */
    private readonly timeKey: string | undefined,
  ) {}

  get readAs(): string {
    return `${this.timeFrom}, each line counted as one request`;
  }

  /** Where the times were found, in words. */
  get timeFrom(): string {
    return `time from ${[...this.keysUsed].map((key) => `"${key}"`).join(" and ")}`;
  }

  /** The plain values of the last line by their keys, without its time. */
  cells(): Map<string, string> {
    const known = Object.keys(this.record).filter((key) => !this.keysUsed.has(key));
    return new Map(
      known.flatMap((key) => {
        const text = this.field(key);
        return text === undefined ? [] : [[key, text] as const];
      }),
    );
  }

  get keys(): readonly string[] {
    return Object.keys(this.record);
  }

  startFile(): void {
    this.timestamps.startFile();
  }

  parse(line: string): boolean {
    const record = parseObject(line);
    this.isObject = record !== undefined;
    if (record === undefined) return false;
    this.record = record;
    for (const key of this.timeKey === undefined ? TIME_KEYS : [this.timeKey]) {
      const written = this.field(key);
      if (written === undefined) continue;
      this.atMs = this.timestamps.read(written);
      if (Number.isNaN(this.atMs)) continue;
      if (!this.keysUsed.has(key)) this.keysUsed.add(key);
      return true;
    }
    return false;
  }

  field(name: string): string | undefined {
    let value: unknown = Object.hasOwn(this.record, name) ? this.record[name] : undefined;
    if (value === undefined && name.includes(".")) {
      value = this.record;
      for (const part of name.split("."))
        value = isObject(value) && Object.hasOwn(value, part) ? value[part] : undefined;
    }
    return value === undefined || value === null || typeof value === "object" ? undefined : String(value);
  }

  /** Names the key that was no time, or the keys that could be one. */
  get fault(): RecordFault {
    if (!this.isObject)
      return { got: "no JSON object", remedy: "Name the layout with --as, or take the rest with --lenient" };
    const { timeKey } = this;
    const tried = (timeKey === undefined ? TIME_KEYS : [timeKey]).find((key) => this.field(key) !== undefined);
    const like = pathsOf(this.record).filter((key) => key !== tried && this.looksLikeTime(key));
    if (like.length > 0) {
      return {
        got: tried === undefined ? "no known key with the time" : `"${tried}" is no time that can be read`,
        remedy:
          "Name the key with the time: --timestamp " +
          `${like[0]}${like.length > 1 ? ` (or ${like.slice(1, 4).join(", ")})` : ""}`,
      };
    }
    if (tried !== undefined)
      return {
        got: `the time "${this.field(tried)?.slice(0, MAX_TIME_LENGTH)}"`,
        remedy: this.timestamps.fault.remedy,
      };
    const keys = Object.keys(this.record).slice(0, 8).join(", ");
    const list = listKeyOf(this.record);
    if (list !== undefined) return { got: `one object whose "${list}" is a list`, remedy: linesOf(list) };
    return { got: `none of the keys ${keys} holds a time`, remedy: "Name the key with the time: --timestamp KEY" };
  }

  private looksLikeTime(key: string): boolean {
    const text = this.field(key);
    return text !== undefined && text.length <= MAX_TIME_LENGTH && !Number.isNaN(this.timestamps.probe()(text));
  }
}

/** The keys, and those of objects within as paths: data.time. */
function pathsOf(record: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(record).flatMap(([key, value]) =>
    isObject(value) ? Object.keys(value).map((inner) => `${key}.${inner}`) : [key],
  );
}

function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
