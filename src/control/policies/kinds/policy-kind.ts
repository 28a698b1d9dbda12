import type { Policy, PolicyContext } from "../../../ports/policy.js";
import type { DecisionReason } from "../../../ports/reasons.js";
import type { ScaleIn } from "../../scale-in.js";
import type { Aggressiveness, PlannedKnob } from "./aggressiveness.js";
import type { KnobShape, Knobs } from "./knob.js";

/**
 * A reason that has its sentence in src/ports/reasons. The stand-in for Amazon's forecast puts its
 * own words before those of target tracking.
 */
type KindReason = DecisionReason | `stand-in forecast${string}`;

/** A fault in a policy's knobs; the path is relative to the policy. */
export interface KnobFault {
  readonly path: readonly (string | number)[];
  readonly got: string;
  readonly expected: string;
  readonly remedy: string;
}

/** The defaults of a kind for a run. */
export interface RunDefaults {
  /** Time between two decisions; infinite where the policy decides at events. */
  readonly tickMs: number;
  /** Age of the metrics that a decision sees. */
  readonly scrapeLagMs: number;
  /** Least streamlets per pool. */
  readonly min: number;
  readonly scaleIn: ScaleIn;
}

/** The kind's row in docs/policies.md. */
interface PolicyDocs {
  readonly imitates: string;
  readonly source: string;
  readonly constants: string;
  /** When it decides, as in "every 15 s". */
  readonly decides: string;
  /** How old the metrics are that it decides from. */
  readonly metricsAge: string;
}

/** Makes a built-in policy of a kind. */
type MakePolicy = (kind: string, knobs: Knobs, context: PolicyContext) => Policy;

/**
 * All that is known of one kind of policy. Registry, schemas, frontier, plan, reports and docs
 * derive from it.
 */
export interface PolicyKind {
  readonly kind: string;
  /** `make` makes a policy inside this one. */
  create(knobs: Knobs, context: PolicyContext, make: MakePolicy): Policy;
  readonly knobs: KnobShape;
  /** The fault in knobs that are each valid. */
  readonly check?: (knobs: Knobs, min: number) => KnobFault[];
  readonly runs: RunDefaults;
  /**
   * The closed set of its reasons; absent where they depend on the knobs. A hybrid's are "floor: "
   * before the predictive policy's and "reactive: " before its reactive part's.
   */
  readonly reasons?: readonly KindReason[];
  /** Caveat shown beside every result of a kind that imitates something undisclosed. */
  readonly caveat?: string;
  /** The knob that decides how much capacity it buys, given these knobs. */
  readonly aggressiveness: (knobs: Knobs) => Aggressiveness;
  /** The knobs that a plan may choose if the user names none; absent = none of this policy. */
  readonly planned?: PlannedKnob;
  /** True if it uses holding times. If no policy does, they are not measured. */
  readonly looksAtHolding?: true;
  /** True if it decides by Headrace's own forecast of the load. */
  readonly forecasts?: true;
  /** Where it may also be used: on a hybrid's predictive floor, or to scale hosts. */
  readonly within: readonly ("hybrid" | "hosts")[];
  readonly docs: PolicyDocs;
}

/** A maker whose knobs lie over the kind's defaults. */
export function over<K extends object>(
  defaults: K,
  create: (knobs: K, context: PolicyContext) => Policy,
): PolicyKind["create"] {
  return (knobs, context) => create({ ...defaults, ...(knobs as Partial<K>) }, context);
}

/** A ReplicaSet removes the newest pods and never takes one back. */
export const likeKubernetes = { victims: "newest", undrain: false, lazy: false } as const;
/**
 * An Auto Scaling group's default termination policy prefers the oldest, and never takes one back.
 */
export const likeAutoScalingGroup = { victims: "oldest", undrain: false, lazy: false } as const;
/**
 * Headrace's own policies: the emptiest goes first, and a draining streamlet is taken back before
 * one is spawned.
 */
export const likeHeadrace = { victims: "emptiest", undrain: true, lazy: false } as const;
