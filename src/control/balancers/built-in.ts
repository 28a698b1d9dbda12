import type { RandomStream } from "../../base/random.js";
import type { Balancer } from "../../ports/balancer.js";
import { LeastConnections } from "./least-connections.js";
import { Packing } from "./packing.js";
import { PowerOfTwo } from "./power-of-two.js";
import { WeightedRoundRobin } from "./weighted-round-robin.js";
import { defaultScoreWeights, type ScoreWeights, WeightedScore } from "./weighted-score.js";

export const balancerKinds = [
  "least-connections",
  "weighted-round-robin",
  "weighted-score",
  "power-of-two",
  "packing",
] as const;
export type BalancerKind = (typeof balancerKinds)[number];

export function isBalancerKind(kind: string): kind is BalancerKind {
  return (balancerKinds as readonly string[]).includes(kind);
}

/** A built-in balancer; the knobs are those of `weighted-score` (load, distance, format). */
export function createBalancer(kind: BalancerKind, knobs: Partial<ScoreWeights>, random: RandomStream): Balancer {
  switch (kind) {
    case "least-connections":
      return new LeastConnections();
    case "weighted-round-robin":
      return new WeightedRoundRobin();
    case "weighted-score":
      return new WeightedScore({ ...defaultScoreWeights, ...knobs });
    case "power-of-two":
      return new PowerOfTwo(random);
    case "packing":
      return new Packing();
  }
}
