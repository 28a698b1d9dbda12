import { closest } from "../base/spelling.js";
import { metricNames } from "../control/policies/hpa-metrics.js";
import type { ScenarioFault } from "../world/scenario/schema/issues.js";

/** The meaning of each metric name of a manifest in the scenario (its `metricNames`). */
export class MetricMeanings {
  private readonly found = new Set<string>();

  constructor(private readonly names: ReadonlyMap<string, string>) {}

  /**
   * The metric for a metric's names in a manifest: by the scenario's `metricNames`, or a metric
   * of that name. Otherwise a fault at `path`.
   */
  meant(names: readonly string[], path: readonly (string | number)[]): string | ScenarioFault {
    for (const name of names) this.found.add(name);
    const known: readonly string[] = metricNames;
    for (const name of names) {
      const meaning = this.names.get(name);
      if (meaning !== undefined) return meaning;
      if (known.includes(name)) return name;
    }
    const like = closest(names[0] ?? "", known) ?? known[0];
    return {
      path,
      got: `metric ${names.map((name) => `"${name}"`).join(" or ")}`,
      expected: `one of ${known.join(", ")}`,
      remedy: `Map it in the scenario, as in metricNames: {${JSON.stringify(names[0] ?? "")}: ${like}}`,
    };
  }

  /**
   * The first name with a meaning that the manifest lacks, unless `isShared` takes it as part of a
   * map for several manifests; undefined if there is none.
   */
  unused(
    isShared: (name: string, metric: string) => boolean,
  ): { readonly name: string; readonly manifestHas: readonly string[] } | undefined {
    const stray = [...this.names].find(([name, metric]) => !this.found.has(name) && !isShared(name, metric));
    return stray === undefined ? undefined : { name: stray[0], manifestHas: [...this.found] };
  }
}
