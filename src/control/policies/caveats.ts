import { builtInPolicies } from "./registry.js";

/** One sentence for each policy that needs one: "NAME: caveat". */
export function caveatsOf(policies: readonly { readonly name: string; readonly kind: string }[]): string[] {
  return policies.flatMap(({ name, kind }) => {
    const caveat = builtInPolicies.get(kind)?.caveat;
    return caveat === undefined ? [] : [`${name}: ${caveat}`];
  });
}
