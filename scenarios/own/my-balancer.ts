import type { CreateBalancer } from "headrace";

/** At home the fullest streamlet that has room, abroad the emptiest, so that guests disturb nobody. */
export const createBalancer: CreateBalancer = () => ({
  pick(request, candidates) {
    const pool = candidates.pool(0); // the nearest that can decode the format and has room
    return pool.region === request.region ? pool.mostLoaded() : pool.leastLoaded();
  },
});
