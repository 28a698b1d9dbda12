import type { ScaleIn } from "../../control/scale-in.js";
import type { SpawnSpec } from "./sections/streamlet.js";

export interface PolicySpec {
  /** Unique in the scenario; the kind unless given. */
  readonly name: string;
  /** A built-in kind, or the path of a module as the scenario gives it. */
  readonly kind: string;
  /** Absolute path, where the kind is a module. */
  readonly module?: string;
  readonly min: number;
  readonly max: number;
  readonly tickMs: number;
  readonly scrapeLagMs: number;
  readonly mode: "active" | "advisory" | "off";
  readonly scaleIn: ScaleIn;
  /** A unit of capacity that replaces the fleet's streamlets, to compare sizes of unit. */
  readonly unit?: UnitSpec;
  /** All other keys: checked and in base units for the built-in kinds, as written for modules. */
  readonly knobs: Readonly<Record<string, unknown>>;
}

/** Values that replace the streamlet classes' own under one policy; absent = unchanged. */
export interface UnitSpec {
  readonly slots: number;
  readonly cpu?: number;
  readonly memoryBytes?: number;
  readonly bitsPerSecond?: number;
  readonly baseMemoryBytes?: number;
  readonly spawn?: SpawnSpec;
  /** Price of one for an hour, and its mean time between crashes. */
  readonly streamletHour?: number;
  readonly streamletMtbfMs?: number;
}

/**
 * A policy inside another section: the reactive part of a hybrid (`knobs.reactive`), or the
 * policy of hosts.
 */
export type ReactiveSpec = Pick<PolicySpec, "kind" | "tickMs" | "scrapeLagMs" | "knobs">;
