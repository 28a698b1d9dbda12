/** What one setting of a knob costs, and the share of minutes that violate the SLO. */
export interface FrontierPoint {
  readonly cost: number;
  readonly violation: number;
}

/** The settings that no other one beats in both: cost rises, violation strictly falls. */
export function efficient(points: readonly FrontierPoint[]): FrontierPoint[] {
  const sorted = points.slice().sort((a, b) => a.cost - b.cost || a.violation - b.violation);
  const front: FrontierPoint[] = [];
  for (const point of sorted) {
    if (front.length === 0 || point.violation < front[front.length - 1].violation) front.push(point);
  }
  return front;
}

/**
 * The violation that a front has at a cost. Between two settings the logarithm of the violation is linear in the cost (frontiers fall
 * about exponentially; a straight line would flatter whoever's settings lie denser), or the violation itself where one is 0. Above the
 * dearest setting it is that one's, since nobody must spend more; below the cheapest there is no answer.
 */
export function violationAt(front: readonly FrontierPoint[], cost: number): number | undefined {
  if (front.length === 0 || cost < front[0].cost) return undefined;
  const above = front.findIndex((point) => point.cost > cost);
  if (above < 0) return front[front.length - 1].violation;
  const [a, b] = [front[above - 1], front[above]];
  const share = (cost - a.cost) / (b.cost - a.cost);
  if (b.violation === 0) return a.violation * (1 - share);
  return a.violation * Math.exp(share * Math.log(b.violation / a.violation));
}

/** The cost at which a front comes down to a violation: the inverse. No answer where even the dearest setting violates more. */
export function costAt(front: readonly FrontierPoint[], violation: number): number | undefined {
  const reached = front.findIndex((point) => point.violation <= violation);
  if (reached < 0) return undefined;
  if (reached === 0) return front[0].cost;
  const [a, b] = [front[reached - 1], front[reached]];
  const share =
    b.violation === 0
      ? 1 - violation / a.violation
      : Math.log(violation / a.violation) / Math.log(b.violation / a.violation);
  return a.cost + share * (b.cost - a.cost);
}
