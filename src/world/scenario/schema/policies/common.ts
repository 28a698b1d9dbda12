import { z } from "zod";
import { law } from "../law.js";
import { count, duration, openCount, openPeriod, positiveCount, quantity } from "../quantity.js";

export const scaleIn = z.strictObject({
  victims: z.enum(["emptiest", "newest", "oldest", "random"]).optional(),
  undrain: z.boolean().optional(),
  lazy: z.boolean().optional(),
});

/** Another unit of capacity in place of the fleet's streamlets: what is left out stays as it is there. */
const unit = z.strictObject({
  slots: positiveCount.max(1_000_000),
  cpu: quantity("number", { infinite: true, positive: true }).optional(),
  memory: quantity("bytes", { infinite: true, positive: true }).optional(),
  baseMemory: quantity("bytes").optional(),
  network: quantity("bitrate", { infinite: true, positive: true }).optional(),
  spawn: law("duration").optional(),
  streamletHour: z.number().min(0).optional(),
  streamletMtbf: openPeriod.optional(),
});

/** Knobs that every policy takes. */
export const commonKnobs = {
  name: z.string().min(1).max(80).optional(),
  min: count.optional(),
  max: openCount.optional(),
  tick: openPeriod.optional(),
  scrapeLag: duration.optional(),
  mode: z.enum(["active", "advisory", "off"]).optional(),
  scaleIn: scaleIn.optional(),
  unit: unit.optional(),
};

export const commonKnobNames = Object.keys(commonKnobs);

/** A fault in a policy's knobs; the path is relative to the policy. */
export interface KnobFault {
  readonly path: readonly (string | number)[];
  readonly got: string;
  readonly expected: string;
  readonly remedy: string;
}

/** What a kind brings: the schema of its own knobs, and how it runs unless told otherwise. */
export interface PolicyKindSchema {
  readonly knobs: z.ZodRawShape;
  readonly tickMs: number;
  readonly scrapeLagMs: number;
  readonly min: number;
  readonly scaleIn: {
    readonly victims: "emptiest" | "newest" | "oldest" | "random";
    readonly undrain: boolean;
    readonly lazy: boolean;
  };
  /** What cannot work though each knob is fine by itself. */
  readonly check?: (knobs: Readonly<Record<string, unknown>>, min: number) => KnobFault[];
}

/** A ReplicaSet removes the newest pods and never takes one back. */
export const likeKubernetes = { victims: "newest", undrain: false, lazy: false } as const;
/** An Auto Scaling group's default termination policy prefers the oldest, and never takes one back. */
export const likeAutoScalingGroup = { victims: "oldest", undrain: false, lazy: false } as const;
/** What Headrace's own policies do: the emptiest goes first, and a draining streamlet is taken back before one is spawned. */
export const likeHeadrace = { victims: "emptiest", undrain: true, lazy: false } as const;
