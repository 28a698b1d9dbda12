import { describe, expect, it } from "vitest";
import { hoverLayer } from "../../../src/report/charts/policy-lines.js";

const expression = (title: string): string =>
  (hoverLayer([{ title, text: "1" }]) as { mark: { tooltip: { expr: string } } }).mark.tooltip.expr;

describe("the tooltip of a chart", () => {
  it.each(["constructor", "__proto__", "toString"])("has no field named %s, which Vega refuses", (title) => {
    expect(expression(title)).toBe(`{"${title}\u200b": 1}`);
  });

  it("keeps all other names", () => {
    expect(expression("hpa")).toBe('{"hpa": 1}');
  });
});
