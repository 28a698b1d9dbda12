/**
 * The cost of having provided for `forecast` when `value` came: τ per unit short, 1 − τ per unit
 * idle. This is the pinball loss (Koenker and Bassett 1978), and the newsvendor's cost at τ =
 * c_under/(c_under + c_over) (Arrow, Harris, Marschak 1951). NaN if the value is unknown.
 */
export function newsvendorCost(value: number, forecast: number, level: number): number {
  const short = value - forecast;
  return short > 0 ? level * short : (level - 1) * short;
}
