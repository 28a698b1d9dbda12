import type { RecordFormat } from "./record-format.js";
import type { TimestampReader } from "./timestamp.js";

/** nginx's own names first, then what other servers and log shippers write. */
const TIME_KEYS = ["time_iso8601", "msec", "time_local", "time", "timestamp", "@timestamp", "ts", "date"];

/** One JSON object per line, as nginx writes with `log_format … escape=json`; any key can be a field, nested ones with dots. */
export class JsonLog implements RecordFormat {
  readonly name = "json-log";
  readonly fields: readonly string[] = [];
  atMs = Number.NaN;
  private record: Readonly<Record<string, unknown>> = {};

  constructor(
    private readonly timestamps: TimestampReader,
    /** Undefined: the first known key that the line has. */
    private readonly timeKey: string | undefined,
  ) {}

  parse(line: string): boolean {
    const record = parseObject(line);
    if (record === undefined) return false;
    this.record = record;
    const key = this.timeKey ?? TIME_KEYS.find((name) => record[name] !== undefined);
    const written = key === undefined ? undefined : this.field(key);
    if (written === undefined) return false;
    this.atMs = this.timestamps.read(written);
    return !Number.isNaN(this.atMs);
  }

  field(name: string): string | undefined {
    let value: unknown = this.record[name];
    if (value === undefined && name.includes(".")) {
      value = this.record;
      for (const part of name.split(".")) value = (value as Record<string, unknown> | null | undefined)?.[part];
    }
    return value === undefined || value === null || typeof value === "object" ? undefined : String(value);
  }
}

function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
