import { closest } from "./spelling.js";

/** What a quantity measures; results are in ms, bytes, bits/s, per second, and plain numbers. */
export type Dimension = "duration" | "bytes" | "bitrate" | "rate" | "number";

/** Why a text is not a quantity. */
export interface QuantityFault {
  readonly got: string;
  readonly expected: string;
  readonly remedy: string;
}

interface DimensionFacts {
  readonly name: string;
  readonly example: string;
  /** Factor of each unit to the base unit. */
  readonly units: Readonly<Record<string, number>>;
}

const durations = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1e3,
  sec: 1e3,
  second: 1e3,
  seconds: 1e3,
  min: 6e4,
  minute: 6e4,
  minutes: 6e4,
  h: 3.6e6,
  hour: 3.6e6,
  hours: 3.6e6,
  d: 8.64e7,
  day: 8.64e7,
  days: 8.64e7,
  w: 6.048e8,
  week: 6.048e8,
  weeks: 6.048e8,
};

const facts: Readonly<Record<Dimension, DimensionFacts>> = {
  duration: { name: "a duration", example: "250ms, 30s, 10min, 24h or 14d", units: durations },
  bytes: {
    name: "a size",
    example: "512KiB, 96MiB or 32GiB",
    units: { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12, KiB: 1024, MiB: 1048576, GiB: 1073741824, TiB: 1099511627776 },
  },
  bitrate: {
    name: "a bit rate",
    example: "800kbps, 4Mbps or 10Gbps",
    units: { bps: 1, kbps: 1e3, Mbps: 1e6, Gbps: 1e9, "bit/s": 1, "kbit/s": 1e3, "Mbit/s": 1e6, "Gbit/s": 1e9 },
  },
  rate: {
    name: "a rate",
    example: "12/s, 30/min or 500/h",
    units: {
      "/s": 1,
      "/sec": 1,
      "/second": 1,
      "/min": 1 / 60,
      "/minute": 1 / 60,
      "/h": 1 / 3600,
      "/hour": 1 / 3600,
      "/d": 1 / 86400,
      "/day": 1 / 86400,
    },
  },
  number: { name: "a number", example: "0.7", units: {} },
};

const infinities = ["infinite", "infinity", "inf", "∞", "never", "none", "unlimited", "unbounded"];

/**
 * Reads a quantity with its unit ("250ms", "10 min", "64MiB", "3/s"). The result is never negative
 * and never NaN. "infinite" is allowed only where the caller allows it. A number without a unit is
 * a fault, unless it is 0 or the dimension has no unit.
 */
export function parseQuantity(
  dimension: Dimension,
  input: string | number,
  allowInfinite = false,
): number | QuantityFault {
  const { name, example, units } = facts[dimension];
  const text = String(input).trim();
  const expected = `${name} such as ${example}${allowInfinite ? ", or infinite" : ""}`;
  const refuse = (remedy: string): QuantityFault => ({ got: describe(input), expected, remedy });
  if (allowInfinite && infinities.includes(text.toLowerCase())) return Number.POSITIVE_INFINITY;
  const match = /^([-+]?(?:\d+(?:_\d+)*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(.*)$/.exec(text);
  if (match === null) return refuse(`Write ${example}`);
  const value = Number(match[1].replaceAll("_", ""));
  const unit = match[2].replace(/^\/\s+/, "/");
  if (!Number.isFinite(value)) return refuse("Write a finite number");
  if (value < 0) return refuse("Write a number that is not negative");
  if (dimension === "number" && unit === "") return value;
  if (dimension !== "number" && unit === "") return value === 0 ? 0 : refuse(`Add the unit: ${example}`);
  const factor = units[unit] ?? (isBytesPerSecond(dimension, unit) ? undefined : caseless(unit, units));
  return factor === undefined ? refuse(remedyOf(dimension, value, unit)) : value * factor;
}

/** Units of bit rates have a small b: 50MBps is eight times 50Mbps. */
function isBytesPerSecond(dimension: Dimension, unit: string): boolean {
  return dimension === "bitrate" && /^[kmgt]?B/i.test(unit) && unit.includes("B");
}

/** What to write instead of a number with this unit, which the dimension does not know. */
function remedyOf(dimension: Dimension, value: number, unit: string): string {
  if (/^,\d/.test(unit)) return "Write the decimal mark as a point, such as 1.5, and thousands without a mark";
  if (dimension === "number") return remedyOfNumber(value, unit);
  if (dimension === "duration" && unit.toLowerCase() === "m")
    return `Write ${value}min for minutes or ${value}ms for milliseconds`;
  if (dimension === "duration" && /\d/.test(unit)) return "Write one number with one unit, such as 90min";
  if (isBytesPerSecond(dimension, unit)) {
    const size = /^[kmgt]?/i.exec(unit)?.[0] ?? "";
    return `Write bits a second: ${8 * value}${size === "K" ? "k" : size}bps is ${value}${unit}`;
  }
  // Kubernetes writes sizes as 96Mi.
  if (dimension === "bytes" && /^[KMGT]i$/.test(unit)) return `Write ${value}${unit}B`;
  const known = Object.keys(facts[dimension].units);
  const meant = closest(unit, known);
  return meant === undefined ? `Known units: ${known.join(", ")}` : `Did you mean ${value}${meant}?`;
}

function remedyOfNumber(value: number, unit: string): string {
  if (unit === "%") return `Write ${value / 100}`;
  // Kubernetes writes thousandths of a core so.
  return unit === "m" ? `Write ${value / 1000}` : "Leave the unit out";
}

/**
 * The factor of a unit that differs only in case from exactly one known unit. "mb" may mean several
 * and is refused.
 */
function caseless(unit: string, units: Readonly<Record<string, number>>): number | undefined {
  const same = Object.keys(units).filter((known) => known.toLowerCase() === unit.toLowerCase());
  return same.length === 1 && unit.length > 1 ? units[same[0]] : undefined;
}

function describe(input: string | number): string {
  return typeof input === "string" ? `"${input.slice(0, 60)}"` : String(input);
}

/** "1 d 2 h", "90 s", "250 ms": the two largest units that are not zero. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms)) return ms > 0 ? "infinite" : "unknown";
  if (ms < 1000) return `${round3(ms)} ms`;
  const steps: readonly [string, number][] = [
    ["d", 8.64e7],
    ["h", 3.6e6],
    ["min", 6e4],
    ["s", 1000],
  ];
  const parts: string[] = [];
  let rest = ms;
  for (const [unit, factor] of steps) {
    const count = unit === "s" ? round3(rest / factor) : Math.floor(rest / factor);
    if (count > 0 && parts.length < 2) parts.push(`${count} ${unit}`);
    rest -= Math.floor(rest / factor) * factor;
  }
  return parts.length === 0 ? "0 s" : parts.join(" ");
}

/** "1.5 GiB". */
export function formatBytes(bytes: number): string {
  const steps: readonly [string, number][] = [
    ["TiB", 1099511627776],
    ["GiB", 1073741824],
    ["MiB", 1048576],
    ["KiB", 1024],
  ];
  for (const [unit, factor] of steps) if (bytes >= factor) return `${round3(bytes / factor)} ${unit}`;
  return `${round3(bytes)} B`;
}

/** "1,234,567": thousands apart, whatever the locale. */
export function formatCount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

function round3(value: number): number {
  return Number(value.toPrecision(3));
}
