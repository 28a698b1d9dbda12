import { InputError } from "../../base/errors.js";
import type { Layout } from "./layout.js";

/** Options that every layout has a use for. */
const COMMON = ["bin", "from", "to", "region", "format", "segment"];
const TIMES = ["timezone", "epoch", "unit", "dates", "timestamp"];

/** What each layout can be read with; a Prometheus server and its exported file differ. */
const layoutOptions: Readonly<Record<Layout | "prometheus-server", readonly string[]>> = {
  "access-log": [...COMMON, "lenient"],
  "w3c-log": [...COMMON, "lenient"],
  "aws-load-balancer": [...COMMON, "lenient"],
  "aws-s3": [...COMMON, "lenient"],
  "json-log": [...COMMON, ...TIMES, "value", "lenient"],
  csv: [...COMMON, ...TIMES, "value", "decimal"],
  parquet: [...COMMON, ...TIMES, "value"],
  prometheus: [...COMMON, "values"],
  "prometheus-server": ["from", "to", "region", "format", "segment", "values", "query", "step"],
  "azure-functions": [...COMMON, "first-day"],
  wikipedia: [...COMMON, "project"],
};

/** Where an option is of no use, what is meant instead. */
const REMEDIES = new Map<string, string>([
  ["prometheus-server bin", "The width of a bin is --step"],
  ["prometheus step", "An exported answer has its own step; --bin makes wider bins of it"],
  ["prometheus query", "An exported answer is that of its query; name the server's address to ask it"],
  ["parquet decimal", "Parquet holds numbers as numbers"],
]);

/**
 * Refuses options that the layout has no use for: an option that is ignored is a wrong result
 * without a word. `given` are the options that the command line names. Throws InputError.
 */
export function checkLayoutOptions(layout: Layout, isServer: boolean, given: readonly string[]): void {
  const kind = isServer ? "prometheus-server" : layout;
  const known = new Set(Object.values(layoutOptions).flat());
  const refused = given.find((option) => known.has(option) && !layoutOptions[kind].includes(option));
  if (refused === undefined) return;
  const users = (Object.keys(layoutOptions) as (keyof typeof layoutOptions)[]).filter((one) =>
    layoutOptions[one].includes(refused),
  );
  throw new InputError({
    code: "HR1006",
    where: `--${refused}`,
    got: `an option that the layout ${kind} has no use for`,
    expected: `one of ${layoutOptions[kind].map((option) => `--${option}`).join(", ")}`,
    remedy: REMEDIES.get(`${kind} ${refused}`) ?? `Leave it out; it is for ${users.join(", ")}`,
  });
}
