/**
 * One step of one policy left out, swapped with another or reversed: [what, original text,
 * replacement].
 */
export const hpaMutations: Readonly<Record<string, readonly (readonly [string, string, string])[]>> = {
  "hpa-behaviour": [
    ["no stabilisation", "limitRate(current, stable, events", "limitRate(current, raw, events"],
    // Rate limit and bounds before stabilisation give the same result as the right order: all of
    // them clamp the same step, and clamps commute.
    ["no recommendation remembered", "this.recommendations.push({ atMs: nowMs, count: raw });", ""],
    [
      "the stable recommendation remembered",
      "push({ atMs: nowMs, count: raw })",
      "push({ atMs: nowMs, count: stable })",
    ],
    ["no initial recommendation", "if (this.recommendations.length === 0)", "if (nowMs < 0)"],
    ["up window by maximum", "upper = Math.min(upper", "upper = Math.max(upper"],
    ["down window by minimum", "lower = Math.max(lower", "lower = Math.min(lower"],
    [
      "closed up window",
      "recommendation.atMs > nowMs - behaviour.up.windowMs",
      "recommendation.atMs >= nowMs - behaviour.up.windowMs",
    ],
    [
      "closed down window",
      "recommendation.atMs > nowMs - behaviour.down.windowMs",
      "recommendation.atMs >= nowMs - behaviour.down.windowMs",
    ],
    ["closed period", "event.atMs > nowMs - periodMs", "event.atMs >= nowMs - periodMs"],
    ["additions added again", "current - within(events.added", "current + within(events.added"],
    ["removals ignored", " + within(events.removed, nowMs, periodMs)", ""],
    ["up may go down", "Math.max(current, upLimit(", "(upLimit("],
    ["down may go up", "Math.min(current, downLimit(", "(downLimit("],
    ["no maximum", "Math.min(desired, limit, max)", "Math.min(desired, limit)"],
    ["no minimum", "Math.max(desired, limit, min)", "Math.max(desired, limit)"],
    ["up rounded down", "Math.ceil(start * (1 + policy.value / 100))", "Math.floor(start * (1 + policy.value / 100))"],
    ["down rounded up", "Math.trunc(start * (1 - policy.value / 100))", "Math.ceil(start * (1 - policy.value / 100))"],
    ["up select swapped", "Math.min(...limits) : Math.max(...limits)", "Math.max(...limits) : Math.min(...limits)"],
    ["down select swapped", "Math.max(...limits) : Math.min(...limits)", "Math.min(...limits) : Math.max(...limits)"],
    ["additions forgotten", "if (change > 0) this.added.push", "if (change > 1e9) this.added.push"],
    ["removals forgotten", "if (change < 0) this.removed.push", "if (change < -1e9) this.removed.push"],
  ],
  "hpa-arithmetic": [
    ["per cent not truncated", "Math.trunc((100 * usage) / request)", "((100 * usage) / request)"],
    ["mean not truncated", "Math.trunc(usage / count)", "(usage / count)"],
    ["missing never fully used", "Math.max(FULLY_USED_PERCENT, targetPercent)", "targetPercent"],
    ["missing at most fully used", "Math.max(FULLY_USED_PERCENT, targetPercent)", "FULLY_USED_PERCENT"],
    ["missing counted on target", "if (ratio === 1) return undefined;", ""],
    ["missing pods ignored", "missing.count === 0 && !upWithIgnored", "!upWithIgnored"],
    ["unready pods ignored going up", "ignored.count > 0 && ratio > 1", "ignored.count > 1e9 && ratio > 1"],
    ["unready pods counted going down", "ignored.count > 0 && ratio > 1", "ignored.count > 0"],
    ["no tolerance", "return ratio >= 1 - tolerance.down && ratio <= 1 + tolerance.up", "return ratio === 1"],
    [
      "tolerances swapped",
      "ratio >= 1 - tolerance.down && ratio <= 1 + tolerance.up",
      "ratio >= 1 - tolerance.up && ratio <= 1 + tolerance.down",
    ],
    ["rounded to the nearest", "Math.ceil(ratio * ready.count)", "Math.round(ratio * ready.count)"],
    ["refined ratio by ready ones", "Math.ceil(refined * counted.count)", "Math.ceil(refined * ready.count)"],
    ["direction may change, down", "(ratio < 1 && refined > 1) ||", ""],
    ["direction may change, up", "|| (ratio > 1 && refined < 1)", ""],
    ["down may add", "(refined < 1 && replicas > current) ||", ""],
    ["up may take away", "|| (refined > 1 && replicas < current)", ""],
    ["AverageValue by current", ": Math.ceil(total / targetPerReplica)", ": Math.ceil(ratio * current + 1)"],
    ["Value by current", "Math.ceil(ratio * ready);", "Math.ceil(ratio * current);"],
  ],
  "hpa-metrics": [
    ["smallest proposal", "proposal > largest", "proposal < largest"],
    ["down with a failed metric", "(failed > 0 && largest < current)", "false"],
    ["never with a failed metric", "(failed > 0 && largest < current)", "failed > 0"],
    [
      "unknown rate taken for 0",
      "if (this.totals.length < 2) return undefined;",
      "if (this.totals.length < 2) return 0;",
    ],
  ],
  "hpa-pods": [
    ["readiness for every metric", 'if (!isCpu) return "ready";', ""],
    ["unready while initialising ignored", "!pod.ready || pod.sampledAtMs <", "pod.sampledAtMs <"],
    ["no window after readiness", "|| pod.sampledAtMs < pod.transitionAtMs + spec.metricsResolutionMs", ""],
    ["pending is missing", 'return "pending"', 'return "missing"'],
    ["missing is ready", 'return "missing"', 'return "ready"'],
    ["what could not be launched forgotten", "Math.max(pool.spawning, pool.desired - ready)", "pool.spawning"],
  ],
  hpa: [
    [
      "no hold",
      'if (raw === undefined) return { desired: current, reason: "no-metrics" };',
      'if (raw === undefined) return this.rescale(current, 0, nowMs, "no-metrics");',
    ],
    ["no return from above the maximum", "if (current > pool.max)", "if (current > 1e9)"],
    ["no return from below the minimum", "if (current < pool.min)", "if (current < -1)"],
  ],
};
