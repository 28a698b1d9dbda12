import { isAbsolute, relative, resolve } from "node:path";
import { isModule } from "../../base/module-path.js";
import { parseQuantity } from "../../base/units.js";
import type { TraceTable } from "../../world/scenario/resources.js";
import { type Steps, valueAt, withValueAt } from "../scenario-path.js";
import { type TrafficShape, writtenTraffic } from "./traffic-shape.js";

/** A scenario as a document of plain values. */
export type PlainDocument = Readonly<Record<string, unknown>>;

/** One world of the search: a scenario's document, and the traffic that replaces its own. */
export interface AttackWorld {
  readonly document: PlainDocument;
  /** Undefined: the document's own traffic stays. */
  readonly shape: TrafficShape | undefined;
}

/** A world as files: the whole document, and its trace. */
export interface WrittenWorld {
  readonly document: PlainDocument;
  readonly trace: TraceTable | undefined;
}

/** Keys whose text is a file's path. */
const FILE_KEYS = new Set(["file", "profile", "manifest"]);
/** Keys whose text may be a module's path. */
const MODULE_KEYS = new Set(["kind", "balancer"]);

/** The document with its traffic. `traceFile` is the name for its trace, if it needs one. */
export function writtenWorld({ document, shape }: AttackWorld, traceFile: string): WrittenWorld {
  if (shape === undefined) return { document, trace: undefined };
  const { history, mix } = (document.traffic ?? {}) as Readonly<Record<string, unknown>>;
  const historyMs = durationAt(document, ["traffic", "history"]) ?? 0;
  const durationMs = durationAt(document, ["duration"]) ?? 0;
  const { section, trace } = writtenTraffic(shape, durationMs, historyMs, traceFile);
  const kept = Object.entries({ history, mix }).filter(([, value]) => value !== undefined);
  return { document: { ...document, traffic: { ...section, ...Object.fromEntries(kept) } }, trace };
}

/** A duration of the document in ms; undefined if it is absent or invalid. */
export function durationAt(document: PlainDocument, steps: Steps): number | undefined {
  const written = valueAt(document, steps);
  if (typeof written !== "string" && typeof written !== "number") return undefined;
  const value = parseQuantity("duration", written);
  return typeof value === "number" ? value : undefined;
}

export function withValue(document: PlainDocument, steps: Steps, value: unknown): PlainDocument {
  return withValueAt(document, steps, value) as PlainDocument;
}

/** Steps to every class of streamlets: a document has one, or a list. */
export function classSteps(document: PlainDocument): Steps[] {
  const written = valueAt(document, ["fleet", "streamlet"]);
  if (!Array.isArray(written)) return [["fleet", "streamlet"]];
  return written.map((_, i) => ["fleet", "streamlet", i]);
}

/** The document with absolute file paths, so that it can be read from another folder. */
export function withAbsolutePaths(document: PlainDocument, folder: string): PlainDocument {
  return withPaths(document, (path) => (isAbsolute(path) ? path : resolve(folder, path))) as PlainDocument;
}

/** The reverse: paths relative to the folder that the document is written to. */
export function withRelativePaths(document: PlainDocument, folder: string): PlainDocument {
  return withPaths(document, (path) => {
    if (!isAbsolute(path)) return path;
    const short = relative(folder, path).replaceAll("\\", "/");
    return short.startsWith(".") ? short : `./${short}`;
  }) as PlainDocument;
}

function withPaths(value: unknown, change: (path: string) => string): unknown {
  if (Array.isArray(value)) return value.map((entry) => withPaths(entry, change));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const isPath = typeof inner === "string" && (FILE_KEYS.has(key) || (MODULE_KEYS.has(key) && isModule(inner)));
      return [key, isPath ? change(inner) : withPaths(inner, change)];
    }),
  );
}

/** The search's traffic replaces all of the document's except its history and mix. */
export function plainTraffic(world: AttackWorld): AttackWorld {
  if (world.shape === undefined) return world;
  const { history, mix } = (world.document.traffic ?? {}) as Readonly<Record<string, unknown>>;
  const kept = Object.entries({ history, mix }).filter(([, value]) => value !== undefined);
  return { ...world, document: { ...world.document, traffic: Object.fromEntries(kept) } };
}
