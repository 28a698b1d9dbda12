/**
 * An axis with exactly these ticks. Vega drops every other value until no more than `tickCount` are
 * left, and the theme sets that for all axes.
 */
export function fixedTicks(values: readonly number[]): {
  readonly values: readonly number[];
  readonly tickCount: number;
} {
  return { values, tickCount: values.length };
}
