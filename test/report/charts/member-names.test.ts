import { describe, expect, it } from "vitest";
import { tooltipOf } from "../../../src/report/charts/hover.js";

const expression = (title: string): string => tooltipOf([{ title, text: "1" }]);

describe("the tooltip of a chart", () => {
  it.each(["constructor", "__proto__", "toString"])("has no field named %s, which Vega refuses", (title) => {
    expect(expression(title)).toBe(`{"${title}\u200b": 1}`);
  });

  it("keeps all other names", () => {
    expect(expression("hpa")).toBe('{"hpa": 1}');
  });
});
