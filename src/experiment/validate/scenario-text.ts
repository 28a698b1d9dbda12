import { formatCount } from "../../base/units.js";
import { stringify } from "../../traffic/yaml.js";
import type { RunLength, ValidationRow } from "./row.js";

/** The row's scenario file, as a user could write it and run it with `headrace simulate`. */
export function scenarioText(row: ValidationRow, length: RunLength, seed: number): string {
  const document = {
    version: 1,
    name: row.id,
    // Each row has its own seed, so that the rows are independent.
    seed: `${seed}/${row.id}`,
    duration: `${length.warmupS + length.windowS}s`,
    warmup: `${length.warmupS}s`,
    replications: length.replications,
    ...row.scenario,
  };
  const exact = row.checks.map((check) => {
    const value = typeof check.exact === "number" ? Number(check.exact.toPrecision(6)) : "by a second simulation";
    return `#   ${check.quantity} = ${value}${check.unit === "" ? "" : ` ${check.unit}`}`;
  });
  const arrivals = formatCount(Math.round(row.arrivalsPerSecond * length.windowS * length.replications));
  const head = [
    `# ${row.model}. Theory (${row.source}) says:`,
    ...exact,
    `# ${arrivals} arrivals in all. Made by headrace validate --write.`,
  ];
  return `${head.join("\n")}\n${stringify(document, { flowCollectionPadding: false })}`;
}
