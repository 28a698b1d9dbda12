import { BaseSequencer, type TestSpecification } from "vitest/node";
import { slowestFirst } from "./tidy/test-tiers.js";

/**
 * Starts the slowest files first, so that no core idles while the last one runs. Vitest itself
 * orders by the times of the last run, which a fresh clone lacks, or by size.
 */
export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = (file: TestSpecification): number => {
      const at = slowestFirst.findIndex((path) => file.moduleId.endsWith(`/${path}`));
      return at < 0 ? slowestFirst.length : at;
    };
    // The sort is stable: the others keep the order that Vitest gives them.
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
