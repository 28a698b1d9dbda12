import type { PolicyFrontier } from "../frontier/frontier.js";
import type { StudyArm } from "./arms.js";

/** An arm's frontier in one world. */
export interface ArmFrontier extends PolicyFrontier {
  readonly arm: StudyArm;
  /**
   * True if only the coarse pass was run, since the arm was far behind: it counts for no verdict.
   */
  readonly coarse?: true;
}
