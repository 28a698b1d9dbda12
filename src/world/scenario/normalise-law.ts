import type { Law } from "../../base/distribution.js";
import {
  constantLaw,
  empiricalLaw,
  exponentialLaw,
  lognormalByMean,
  lognormalByMedian,
  paretoLaw,
} from "../../base/distribution.js";
import type { Resources } from "./resources.js";
import type { WrittenLaw } from "./schema/law.js";

/** The law that was written, in base units. */
export function normaliseLaw(written: WrittenLaw, resources: Resources): Law {
  if (typeof written === "number") return constantLaw(written);
  switch (written.kind) {
    case "constant":
      return constantLaw(written.value);
    case "exponential":
      return exponentialLaw(written.mean);
    case "lognormal":
      if (written.mean !== undefined) return lognormalByMean(written.mean, written.cv ?? 0);
      return lognormalByMedian(written.median ?? 1, written.p99 ?? 1);
    case "pareto":
      return paretoLaw(written.mean, written.shape);
    case "empirical":
      return empiricalLaw(
        written.values === undefined ? resources.empirical(written.file ?? "") : Float64Array.from(written.values),
      );
  }
}
