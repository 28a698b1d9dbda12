/**
 * The parameter with the names of the policies that are drawn; the page changes it in all charts
 * at once.
 */
export function shownPolicies(names: readonly string[]): Record<string, unknown> {
  return { name: "shown", value: names };
}

/** The opacity of a mark of one policy: 0 while the policy is hidden. */
export function opacityOf(name: string, opacity: number): { readonly expr: string } {
  return { expr: `indexof(shown, ${JSON.stringify(name)}) < 0 ? 0 : ${opacity}` };
}

/** For marks whose rows name their policy in a field. */
export const ONLY_SHOWN = { filter: "indexof(shown, datum.policy) >= 0" };
