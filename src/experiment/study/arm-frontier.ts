import type { PolicyFrontier } from "../frontier/frontier.js";
import type { StudyArm } from "./arms.js";

/** An arm's frontier in one world. */
export interface ArmFrontier extends PolicyFrontier {
  readonly arm: StudyArm;
  /**
   * Out of the race after the coarse pass: what is here is only that, and counts for no verdict.
   */
  readonly coarse?: true;
}
