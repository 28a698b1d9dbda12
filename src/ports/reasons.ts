/** The sentence for each reason of the control plane and of the built-in policies. */

/** Why a built-in policy decided what it decided. */
export const decisionReasons = {
  "above-max": "The pool has more than max, so it shrinks to max.",
  "above-target": "Load per streamlet is above the target, so streamlets are added.",
  activated: "A request found no streamlet, so the pool leaves zero.",
  "as-calculated": "The calculated number applies: neither a limit nor a model changed it.",
  "as-forecast": "The pool has what the forecast needs, so nothing changes.",
  "as-open": "The pool has what the open streams need, so nothing changes.",
  "at-max": "More is needed than max allows, so the pool is at max.",
  "at-min": "Fewer are needed than min demands, so the pool is at min.",
  "before-first-entry": "No entry of the schedule has come yet, so otherwise applies.",
  "below-min": "The pool has fewer than min, so it grows to min.",
  "below-target": "Load per streamlet is below the target, so streamlets are removed.",
  "cooled-down": "No activity for the whole cool-down, so the pool goes to zero.",
  "cooling-down": "No activity, and the cool-down has not ended yet.",
  "down-rate-limited": "Fewer were wanted than one step down may reach.",
  enough: "There is a slot for every request.",
  "fewer-open": "Fewer streams are open, so fewer slots are needed.",
  "fixed-count": "The number is fixed.",
  "forecast-fall": "The forecast needs less, and nothing more was needed lately.",
  "forecast-rise": "The forecast needs more by the time a new streamlet would be ready.",
  "grace-period": "The last change is too recent for another.",
  "high-alarm": "The metric was above the target for long enough, so streamlets are added.",
  idle: "There is no load; one streamlet stays until the stable window has passed.",
  inactive: "There was no load for the whole window; the grace period runs.",
  "inactive-at-zero": "There is no activity, and the pool is at zero.",
  "low-alarm": "The metric was below the target for long enough, so streamlets are removed.",
  "missing-data": "The metric is missing, so nothing changes.",
  "model-above-hpa": "The model predicts more than the autoscaler proposes.",
  "more-open": "More streams are open, so more slots are needed.",
  "needed-lately": "The surplus was needed recently, so it stays.",
  "no-alarm": "No alarm fires, so nothing changes.",
  "no-data": "There is no measurement yet, so nothing changes.",
  "no-free-slot": "A request found no free slot, so a streamlet is launched.",
  "no-instances": "No streamlet is ready, so min applies.",
  "no-metrics": "There are no metrics, so nothing changes.",
  "on-target": "Load per streamlet is on target.",
  panic: "Load rose so fast that the short window decides.",
  "panic-holds": "Panic has not ended, so nothing is removed.",
  "rate-limited": "The change is larger than one step may be.",
  "safety-net": "Forecasts missed lately, so staffing on present load adds to them.",
  "scale-down-delayed": "The lower load has not lasted long enough yet.",
  "scale-from-zero": "There is activity, so the pool leaves zero.",
  "scale-in-cooldown": "The last removal is too recent for another.",
  "scale-out-cooldown": "The last addition is too recent for this one.",
  "scale-to-zero": "There was no load for long enough, so the pool goes to zero.",
  "scaled-to-zero": "The pool was scaled to zero, which switches the autoscaler off.",
  scheduled: "The entry of the schedule that came last applies.",
  stabilised: "A more cautious proposal within the window counts.",
  "step-in": "Utilisation is in a band that removes streamlets.",
  "step-out": "Utilisation is in a band that adds streamlets.",
  "stress-between": "Stress is between the two thresholds.",
  "stress-high": "Stress was high for enough periods, so streamlets are added.",
  "stress-low": "Stress was low for enough periods, so streamlets are removed.",
  "surplus-spawn": "A launch is no longer needed, so it is cancelled.",
  "up-rate-limited": "More were wanted than one step up may reach.",
  "waiting-for-launches": "Launches are under way, so nothing changes until they end.",
  "waiting-for-poll": "Activity is checked only at the next poll.",
  "warming-up": "New streamlets are still starting and count as capacity.",
  "within-tolerance": "Load is close enough to the target.",
} as const;

/** Why the control plane did not do what the policy asked for. */
export const refusalReasons = {
  "above-max": "More was wanted than max allows, so max applies.",
  "below-min": "Fewer were wanted than min demands, so min applies.",
  advisory: "The policy only advises; what it asks for is recorded and not carried out.",
  "fleet-max": "The fleet is at its max.",
  "no-host-room": "No host has room for another streamlet.",
  "restart-backoff": "Launches failed, so the pool pauses before the next.",
  "policy-threw": "The policy failed with an exception, so its last number stays.",
  "policy-returned-no-list": "The policy returned no list, so its last number stays.",
  "not-a-count": "The policy returned something that is not a number of streamlets.",
} as const;

/**
 * Why a request was refused. `status` is the HTTP status of the gateway's answer (RFC 9110); only
 * with 503 may the client try again.
 */
export const rejectReasons = {
  "unknown-format": { status: 415, meaning: "No class of streamlets can decode the format." },
  "unknown-region": { status: 400, meaning: "The region is not in the scenario." },
  "no-compatible-streamlet": { status: 503, meaning: "No class that the request may reach can decode the format." },
  "waiting-room-full": { status: 503, meaning: "The waiting room is full." },
  quarantined: { status: 403, meaning: "The streamlets of this stream crashed again and again." },
  "shutting-down": { status: 503, meaning: "The fleet is shutting down." },
} as const;

/** A built-in policy's reason for a decision. */
export type DecisionReason = keyof typeof decisionReasons;

/** Why a request was refused. */
export type RejectReason = keyof typeof rejectReasons;

/** Why a request got no streamlet: refused, or abandoned after it had waited for a free slot. */
const unservedReasons = {
  ...rejectReasons,
  "no-free-slot": { status: 503, meaning: "It waited for a free slot for as long as its patience." },
} as const;

export type UnservedReason = keyof typeof unservedReasons;

/** The HTTP status of the gateway's answer. */
export function statusOf(reason: UnservedReason): number {
  return unservedReasons[reason].status;
}
