import type { TraceTable } from "./resources.js";
import type { WrittenScenario } from "./schema/document.js";
import type { ScenarioFault } from "./schema/issues.js";
import type { SeriesSpec, WrittenTraffic } from "./sections/traffic.js";

export interface TrafficNames {
  readonly regions: readonly string[];
  readonly formats: readonly string[];
}

/**
 * The regions and formats that the scenario knows: those of its fleet, else those of its mix, else
 * one called "default".
 */
export function trafficNames(written: WrittenScenario, trace: TraceTable | undefined): TrafficNames {
  const mix = written.traffic.mix ?? [];
  const classes = Array.isArray(written.fleet.streamlet) ? written.fleet.streamlet : [written.fleet.streamlet];
  const fleetRegions = written.fleet.regions?.map((region) => region.name) ?? [];
  const fleetFormats = unique(classes.flatMap((one) => one.formats ?? []));
  const mixRegions = unique(mix.map((entry) => entry.region));
  const mixFormats = unique(mix.map((entry) => entry.format));
  const traceRegions = trace?.columns.region === true ? unique(trace.series.map((series) => series.region)) : [];
  const traceFormats = trace?.columns.format === true ? unique(trace.series.map((series) => series.format)) : [];
  return {
    regions: firstNonEmpty(fleetRegions, mixRegions, traceRegions),
    formats: firstNonEmpty(fleetFormats, mixFormats, traceFormats),
  };
}

/** The mix, or each region × format with equal shares. */
export function writtenSeries({ mix }: WrittenTraffic, names: TrafficNames, faults: ScenarioFault[]): SeriesSpec[] {
  if (mix === undefined) {
    return names.regions.flatMap((_, region) =>
      names.formats.map((_name, format) => ({ region, format, segment: "all", share: 1 })),
    );
  }
  return mix.map((entry, i) => ({
    region: resolve("region", entry.region, names.regions, ["traffic", "mix", i], faults),
    format: resolve("format", entry.format, names.formats, ["traffic", "mix", i], faults),
    segment: entry.segment,
    share: entry.share,
  }));
}

function resolve(
  what: "region" | "format",
  name: string | undefined,
  known: readonly string[],
  path: (string | number)[],
  faults: ScenarioFault[],
): number {
  if (name === undefined) {
    if (known.length > 1)
      faults.push({ path, got: `an entry without ${what}`, expected: `one of ${known.join(", ")}` });
    return 0;
  }
  const index = known.indexOf(name);
  if (index < 0) {
    const remedy = what === "region" ? "Add it to fleet.regions" : "Add it to the formats of a streamlet class";
    faults.push({
      path: [...path, what],
      got: `the unknown ${what} "${name}"`,
      expected: `one of ${known.join(", ")}`,
      remedy,
    });
  }
  return Math.max(0, index);
}

function unique(names: readonly (string | undefined)[]): string[] {
  return Array.from(new Set(names.filter((name): name is string => name !== undefined)));
}

function firstNonEmpty(...lists: readonly string[][]): string[] {
  return lists.find((list) => list.length > 0) ?? ["default"];
}
