import type { PolicySpec } from "../../world/scenario/policy-spec.js";
import { entryOf } from "../scenario-path.js";

/**
 * The policy whose knob each of these paths names, by its name; paths outside the policies are left
 * out. `policies`: those of the scenario in its own order, because a path may name one by its index
 * there, and then those that only the sweep names.
 */
export function knobOwners(
  paths: Iterable<string>,
  policies: readonly Pick<PolicySpec, "name" | "kind">[],
): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  for (const path of new Set(paths)) {
    const [list, ...words] = path.split(".");
    if (list !== "policies") continue;
    const { index } = entryOf(policies, words, () => ({ where: path, place: list }));
    owners.set(path, policies[index].name);
  }
  return owners;
}
