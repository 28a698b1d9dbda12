import type { Spec } from "vega";
import type { TopLevelSpec } from "vega-lite";
import { CHART_CONFIG } from "./chart-theme.js";
import { compile, parse } from "./vega.js";

/** A chart of a report: one Vega-Lite specification with its data inline, valid on its own. */
export interface Chart {
  /** File name and anchor: lower-case letters, digits and hyphens, unique in the page. */
  readonly name: string;
  readonly title: string;
  /** A description for readers who cannot see the chart. */
  readonly description: string;
  /** A sentence below the title: how to read the chart. */
  readonly caption?: string;
  /** Titles of the fields in a downloaded CSV; a field without one keeps its name. */
  readonly columns?: ReadonlyMap<string, string>;
  /** The policy that alone it shows, if any: hidden with it. */
  readonly policy?: string;
  /**
   * Without `$schema`, `config`, `description`: `chartSpec` adds them. Width "container" makes it
   * fit its place.
   */
  readonly spec: Readonly<Record<string, unknown>>;
}

/** The complete Vega-Lite specification, as written to `charts/<name>.vl.json`. */
export function chartSpec(chart: Chart): TopLevelSpec {
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    description: chart.description,
    width: "container",
    autosize: { type: "fit-x", contains: "padding" },
    config: CHART_CONFIG,
    ...withQuietMarks(chart.spec),
  } as unknown as TopLevelSpec;
}

/** Marks get no roles: the description covers all of them, and a single mark has no name. */
function withQuietMarks(spec: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { mark, layer } = spec;
  const own: Readonly<Record<string, unknown>> = typeof mark === "string" ? { type: mark } : { ...(mark as object) };
  const hasPoints = own.point === true || typeof own.point === "object";
  const point = hasPoints ? { point: { ...(own.point === true ? {} : (own.point as object)), aria: false } } : {};
  const quiet = { ...own, aria: false, ...point };
  return {
    ...spec,
    ...(mark === undefined ? {} : { mark: quiet }),
    ...(Array.isArray(layer) ? { layer: layer.map(withQuietMarks) } : {}),
  };
}

/**
 * Compiles a Vega-Lite specification to Vega. Throws on every warning of Vega-Lite, since such a
 * chart is wrong. `name` names the chart in the error.
 */
export function compileSpec(name: string, spec: Readonly<Record<string, unknown>>): Spec {
  const complain = (...words: readonly unknown[]): never => {
    throw new Error(`chart ${name}: ${words.map(String).join(" ")}`);
  };
  const quiet = (): unknown => logger;
  const logger: unknown = { level: quiet, warn: complain, error: complain, info: quiet, debug: quiet };
  const compiled = compile(spec as unknown as TopLevelSpec, { logger: logger as never }).spec as Spec;
  parse(compiled);
  return compiled;
}
