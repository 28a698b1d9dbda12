/** One setting of a knob: its cost, and its share of violating minutes. */
export interface FrontierPoint {
  readonly cost: number;
  readonly violation: number;
}

/**
 * The point of a front at a given violation or cost. It lies between two neighbouring settings, a
 * share `weight` of the way from `thrifty`, the cheaper one, to `generous`; or it is a setting
 * that was tried.
 */
export type Match<P extends FrontierPoint> =
  | { readonly how: "interpolated"; readonly thrifty: P; readonly generous: P; readonly weight: number }
  | { readonly how: "tried"; readonly at: P };

/** No interpolation between settings whose violations differ by more than this factor, */
const CLOSE_VIOLATIONS = 10;
/**
 * or whose costs differ by more than this share: the policy may have no setting between them (a
 * cliff).
 */
const CLOSE_COSTS = 0.1;

/**
 * The settings that no other one beats in both: the cost rises and the violation strictly falls.
 */
export function efficient<P extends FrontierPoint>(points: readonly P[]): P[] {
  const sorted = points.toSorted((a, b) => a.cost - b.cost || a.violation - b.violation);
  const front: P[] = [];
  for (const point of sorted) {
    if (front.length === 0 || point.violation < front[front.length - 1].violation) front.push(point);
  }
  return front;
}

/** Two neighbours of a front between which it may be read. */
export function areClose(thrifty: FrontierPoint, generous: FrontierPoint): boolean {
  return (
    thrifty.violation <= CLOSE_VIOLATIONS * generous.violation && generous.cost <= (1 + CLOSE_COSTS) * thrifty.cost
  );
}

/**
 * The point at which a front reaches a violation. Between neighbouring settings the logarithm of
 * the violation is linear in the cost (frontiers fall about exponentially). Elsewhere it is the
 * cheapest setting tried that meets the violation. Undefined if even the most expensive setting
 * violates more.
 */
export function matchOfViolation<P extends FrontierPoint>(
  front: readonly P[],
  violation: number,
): Match<P> | undefined {
  const pair = bracketOf(front, (point) => point.violation <= violation);
  if (pair === undefined) return undefined;
  const { thrifty, generous } = pair;
  if (thrifty === undefined || generous.violation === violation || !areClose(thrifty, generous))
    return { how: "tried", at: generous };
  const weight = Math.log(violation / thrifty.violation) / Math.log(generous.violation / thrifty.violation);
  return { how: "interpolated", thrifty, generous, weight };
}

/**
 * The point of a front at a cost: interpolated, or the most expensive setting tried that costs no
 * more. Above the most expensive setting it is that one, since an operator need not spend more.
 * Undefined below the cheapest setting.
 */
export function matchOfCost<P extends FrontierPoint>(front: readonly P[], cost: number): Match<P> | undefined {
  const above = front.findIndex((point) => point.cost > cost);
  if (front.length === 0 || above === 0) return undefined;
  if (above < 0) return { how: "tried", at: front[front.length - 1] };
  const [thrifty, generous] = [front[above - 1], front[above]];
  if (thrifty.cost === cost || !areClose(thrifty, generous)) return { how: "tried", at: thrifty };
  const weight = (cost - thrifty.cost) / (generous.cost - thrifty.cost);
  return { how: "interpolated", thrifty, generous, weight };
}

/** The cost and the violation at a match. */
export function pointAt(match: Match<FrontierPoint>): FrontierPoint {
  if (match.how === "tried") return { cost: match.at.cost, violation: match.at.violation };
  const { thrifty, generous, weight } = match;
  return {
    cost: thrifty.cost + weight * (generous.cost - thrifty.cost),
    violation: thrifty.violation * Math.exp(weight * Math.log(generous.violation / thrifty.violation)),
  };
}

/**
 * The approximate cost of a front at a violation, interpolated at any distance. It only decides
 * which settings to run, and appears in no result. Linear if one of the two has no violation.
 */
export function roughCostAt(front: readonly FrontierPoint[], violation: number): number | undefined {
  const pair = bracketOf(front, (point) => point.violation <= violation);
  if (pair === undefined) return undefined;
  const { thrifty, generous } = pair;
  if (thrifty === undefined) return generous.cost;
  const share =
    generous.violation === 0
      ? 1 - violation / thrifty.violation
      : Math.log(violation / thrifty.violation) / Math.log(generous.violation / thrifty.violation);
  return thrifty.cost + share * (generous.cost - thrifty.cost);
}

/** The first point that holds, and its cheaper neighbour. */
export function bracketOf<P extends FrontierPoint>(
  front: readonly P[],
  holds: (point: P) => boolean,
): { readonly thrifty: P | undefined; readonly generous: P } | undefined {
  const first = front.findIndex(holds);
  return first < 0 ? undefined : { thrifty: first === 0 ? undefined : front[first - 1], generous: front[first] };
}
