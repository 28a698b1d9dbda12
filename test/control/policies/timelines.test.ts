import { describe, it } from "vitest";
import { allTimelines } from "./all-timelines.js";
import * as library from "./policy-library.js";

describe("the policies, as timelines", () => {
  for (const { sentence, check } of allTimelines) it(sentence, () => check(library));
});
