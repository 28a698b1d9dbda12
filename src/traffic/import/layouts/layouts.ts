import { azureFunctions } from "./azure-functions.js";
import { jsonLog } from "./json-log.js";
import type { Layout } from "./layout.js";
import { accessLog, haproxyLog, loadBalancerLog, patternLog, s3Log, w3cLog } from "./logs.js";
import { prometheus } from "./prometheus.js";
import { csv, parquet } from "./tables.js";
import { wikipedia } from "./wikipedia.js";

/**
 * The layouts that can be imported, in the order in which they are tried: the first that
 * recognises an input reads it. The choices of `--as`, their options and the recognition derive
 * from here.
 */
export const layouts: readonly Layout[] = [
  w3cLog,
  azureFunctions,
  prometheus,
  jsonLog,
  s3Log,
  loadBalancerLog,
  haproxyLog,
  accessLog,
  csv,
  parquet,
  wikipedia,
  patternLog,
];

export const layoutNames: readonly string[] = layouts.map(({ name }) => name);

/** Every way to read an input: a layout's file, and its server if it has one. */
export const layoutReaders = layouts.flatMap((layout) =>
  layout.server === undefined ? [layout] : [layout, layout.server],
);
