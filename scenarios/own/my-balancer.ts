import type { CreateBalancer } from "headrace";

/** In the request's region the fullest streamlet with a free slot, in another region the emptiest. */
export const createBalancer: CreateBalancer = () => ({
  pick(request, candidates) {
    const pool = candidates.pool(0); // the nearest that decodes the format and has a free slot
    return pool.region === request.region ? pool.mostLoaded() : pool.leastLoaded();
  },
});
