import { InputError } from "../base/errors.js";
import type { RandomStream } from "../base/random.js";
import { placeOfThrown, textOfThrown } from "../control/policy-failure.js";
import type { Balancer, Candidates, CreateBalancer, StreamletView } from "../ports/balancer.js";
import type { StreamRequest } from "../ports/fleet.js";
import { ShownCandidates, shownRequest } from "./shown-candidates.js";
import { type UserCodeWatch, unwatched, watched } from "./user-policy.js";

/**
 * A user's balancer, checked against its contract. If it throws, or picks a streamlet that cannot
 * take the stream, the error names the module.
 */
export function createUserBalancer(
  create: CreateBalancer,
  module: string,
  knobs: Readonly<Record<string, unknown>>,
  random: RandomStream,
  watch: UserCodeWatch = unwatched,
): Balancer {
  const fault = (got: string): InputError =>
    new InputError({
      code: "HR1306",
      where: module,
      got,
      expected: "a streamlet with a free slot out of the candidates, or undefined",
    });
  const guarded = <T>(what: string, work: () => T): T => {
    return watched(watch, () => {
      try {
        return work();
      } catch (thrown) {
        const place = placeOfThrown(thrown, module);
        throw fault(`${what} threw: ${textOfThrown(thrown)}${place === undefined ? "" : ` (${place})`}`);
      }
    });
  };
  const { balancer, pick } = guarded("createBalancer", () => {
    const made = create(knobs, random);
    watch.dropPromise(made);
    watch.checkShared();
    return { balancer: made, pick: (made as Balancer | undefined)?.pick };
  });
  if (typeof pick !== "function")
    throw fault("createBalancer returned no object with pick(request, candidates, nowMs)");
  const shown = new ShownCandidates();
  return {
    pick(request: StreamRequest, candidates: Candidates, nowMs: number): StreamletView | undefined {
      const picked = guarded("pick", () => pick.call(balancer, shownRequest(request), shown.of(candidates), nowMs));
      if (picked === undefined) return undefined;
      const streamlet = shown.originalOf(picked);
      if (streamlet !== undefined && isCandidate(streamlet, candidates)) return streamlet;
      watch.dropPromise(picked);
      throw fault("pick returned something that cannot take the stream");
    },
  };
}

/** Available streamlets have a free slot. The scan is linear, for user modules only. */
function isCandidate(picked: StreamletView, candidates: Candidates): boolean {
  for (let i = 0; i < candidates.count; i++) if (candidates.pool(i).available.includes(picked)) return true;
  return false;
}
