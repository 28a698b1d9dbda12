import { parseRule } from "../../../src/traffic/import/label-rule.js";

/** An import in bins of a minute, over all time; `region` is a rule as --region takes it. */
export function countOptions(region?: string) {
  return {
    binMs: 60_000,
    rules: {
      region: region === undefined ? undefined : parseRule("--region", region),
      format: undefined,
      segment: undefined,
    },
    fromMs: Number.NEGATIVE_INFINITY,
    toMs: Number.POSITIVE_INFINITY,
    onProgress: () => undefined,
    signal: new AbortController().signal,
  };
}
