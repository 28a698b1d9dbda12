/**
 * Everything that the timelines use. The mutation test compiles this file with one line of one
 * source changed, and plays the timelines on the result.
 */
export { adjustedCapacity, bandOf } from "../../../src/control/policies/aws-step.js";
export { ConcurrencyBuckets } from "../../../src/control/policies/concurrency-buckets.js";
export { lastFiring, parseCron } from "../../../src/control/policies/cron.js";
export {
  externalAverageReplicas,
  externalValueReplicas,
  podsReplicas,
  resourceReplicas,
} from "../../../src/control/policies/hpa-arithmetic.js";
export { defaultBehaviour, limitRate, stabilise } from "../../../src/control/policies/hpa-behaviour.js";
export { largestProposal } from "../../../src/control/policies/hpa-metrics.js";
export { defaultReadiness, podState } from "../../../src/control/policies/hpa-pods.js";
export { createHybrid } from "../../../src/control/policies/hybrid.js";
export { KpaScaler } from "../../../src/control/policies/kpa-scaler.js";
export { chosen } from "../../../src/control/policies/phpa.js";
export { builtInPolicies, createBuiltInPolicy, policyKinds } from "../../../src/control/policies/registry.js";
export { ReplicaCohorts } from "../../../src/control/policies/replica-cohorts.js";
export { holtWintersPrediction, linearPrediction } from "../../../src/control/policies/replica-models.js";
export { policyKindSchemas } from "../../../src/world/scenario/schema/policies/kinds.js";
