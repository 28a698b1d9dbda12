import type { PodFacts } from "../../../../src/control/policies/hpa-pods.js";
import { same, type Timeline } from "../timeline.js";

const running: PodFacts = {
  phase: "Running",
  deleting: false,
  ready: true,
  transitionAtMs: 0,
  startedAtMs: 0,
  sampledAtMs: 60_000,
};

/** The calculator and the behaviour, rule by rule. */
export const hpaRules: readonly Timeline[] = [
  {
    sentence: "hpa classifies pods as upstream's groupPods does",
    check: (lib) => {
      const state = (pod: Partial<PodFacts>, nowMs: number, isCpu = true): string =>
        lib.podState({ ...running, ...pod }, isCpu, nowMs, lib.defaultReadiness);
      same(state({ deleting: true }, 0), "ignored", "deleted");
      same(state({ phase: "Failed" }, 0), "ignored", "failed");
      same(state({ phase: "Pending" }, 0), "pending", "pending");
      same(state({ sampledAtMs: undefined }, 0), "missing", "without a sample");
      same(state({ ready: undefined }, 0), "unready", "without a condition");
      same(state({ ready: undefined }, 0, false), "ready", "not about CPU");
      same(state({ ready: false }, 70_000), "unready", "initialising and unready");
      same(state({ transitionAtMs: 46_000 }, 70_000), "unready", "window began before readiness");
      same(state({ transitionAtMs: 45_000 }, 70_000), "ready", "window began at readiness");
      same(state({ transitionAtMs: 59_000 }, 300_000), "ready", "no longer initialising");
      same(state({ transitionAtMs: 59_000 }, 299_999), "unready", "still initialising");
      same(state({ ready: false, transitionAtMs: 29_999 }, 400_000), "unready", "never was ready");
      same(state({ ready: false, transitionAtMs: 30_000 }, 400_000), "ready", "was ready once");
    },
  },
  {
    sentence: "hpa fills missing pods in on the safe side",
    check: (lib) => {
      const tolerance = { up: 0.1, down: 0.1 };
      const ready = { state: "ready", count: 2, usage: 20, request: 20 } as const;
      const missing = { state: "missing", count: 1, usage: 0, request: 10 } as const;
      same(lib.resourceReplicas(3, [ready, missing], 100, tolerance), 3, "on target: missing ones do not count");
      same(lib.podsReplicas(3, [ready, missing], 10, tolerance), 2, "pods metric on target: missing ones count as 0");
      same(
        lib.podsReplicas(3, [{ ...ready, usage: 10 }, missing], 10, tolerance),
        2,
        "below: missing ones count as on target",
      );
      same(
        lib.resourceReplicas(3, [{ ...ready, usage: 30 }, missing], 200, tolerance),
        3,
        "target above 100 %: as on target",
      );
      const four = { state: "ready", count: 4, usage: 38, request: 40 } as const;
      const unready = { state: "unready", count: 1, usage: 0, request: 10 } as const;
      same(lib.resourceReplicas(5, [four, unready], 100, tolerance), 5, "going down, unready ones do not count");
      const half = { ...ready, usage: 10 };
      const three = { ...missing, count: 3, request: 30 };
      same(
        lib.resourceReplicas(5, [half, three], 60, tolerance),
        5,
        "83 % of the target, 133 % with the missing ones: keep",
      );
      same(lib.resourceReplicas(3, [missing], 100, tolerance), undefined, "no ready pod: the metric failed");
      same(
        lib.podsReplicas(2, [{ ...ready, usage: 2201 }], 1000, tolerance),
        2,
        "means are whole milli-units: 1100.5 is 1100, which is within",
      );
    },
  },
  {
    sentence: "hpa never moves against the direction of its metric",
    check: (lib) => {
      const tolerance = { up: 0.1, down: 0.1 };
      const ready = { state: "ready", count: 4, usage: 30, request: 40 } as const;
      same(lib.resourceReplicas(2, [ready], 50, tolerance), 6, "six of four at 75 %");
      const missing = { state: "missing", count: 4, usage: 0, request: 40 } as const;
      same(lib.resourceReplicas(2, [{ ...ready, usage: 4 }, missing], 80, tolerance), 2, "down says 6, of 2: keep");
      same(lib.resourceReplicas(20, [{ ...ready, usage: 80 }, missing], 50, tolerance), 20, "up says 16, of 20: keep");
    },
  },
  {
    sentence: "hpa's default rates look back 15 s",
    check: (lib) => {
      const limit = (current: number, desired: number, added: number): number =>
        lib.limitRate(
          current,
          desired,
          { added: [{ atMs: -15_000, count: added }], removed: [] },
          0,
          lib.defaultBehaviour,
          0,
          1000,
        );
      same(limit(3, 100, 2), 7, "four more, the change before is out of the period");
      same(limit(10, 100, 5), 20, "twice as many, likewise");
      same(lib.limitRate(10, 0, { added: [], removed: [] }, 0, lib.defaultBehaviour, 0, 1000), 0, "down by 100 %");
      same(lib.limitRate(200, 0, { added: [], removed: [] }, 0, lib.defaultBehaviour, 0, 1000), 0, "not by 100 pods");
    },
  },
  {
    sentence: "hpa's rate policies combine by Max, Min or not at all, and round as upstream does",
    check: (lib) => {
      const { up, down } = lib.defaultBehaviour;
      const policies = [
        { type: "Pods", value: 4, periodMs: 15_000 },
        { type: "Percent", value: 15, periodMs: 15_000 },
      ] as const;
      const at = (
        select: "Max" | "Min" | "Disabled",
        current: number,
        desired: number,
        added = 0,
        removed = 0,
      ): number => {
        const behaviour = { up: { ...up, select, policies }, down: { ...down, select, policies } };
        const events = { added: [{ atMs: -1, count: added }], removed: [{ atMs: -1, count: removed }] };
        return lib.limitRate(current, desired, events, 0, behaviour, 0, 1000);
      };
      same(at("Max", 10, 50), 14, "up Max");
      same(at("Min", 10, 50), 12, "up Min: 11.5 rounded up");
      same(at("Disabled", 10, 50), 10, "up Disabled");
      same(at("Max", 10, 0), 6, "down Max");
      same(at("Min", 10, 0), 8, "down Min: 8.5 truncated");
      same(at("Disabled", 10, 0), 10, "down Disabled");
      same(at("Max", 10, 50, 8), 10, "what was added counts; never below the current");
      same(at("Max", 10, 0, 0, 8), 10, "what was removed counts; never above the current");
    },
  },
  {
    sentence: "hpa's windows are open at their old end",
    check: (lib) => {
      const behaviour = { ...lib.defaultBehaviour, up: { ...lib.defaultBehaviour.up, windowMs: 60_000 } };
      const at = (atMs: number, count: number, desired: number): number =>
        lib.stabilise(10, desired, [{ atMs, count }], 0, behaviour);
      same(at(-59_999, 12, 20), 12, "up: the smallest of the window");
      same(at(-60_000, 12, 20), 20, "up: too old");
      same(at(-299_999, 8, 5), 8, "down: the largest of the window");
      same(at(-300_000, 8, 5), 5, "down: too old");
    },
  },
  {
    sentence: "hpa takes the largest proposal, and none when that is not safe",
    check: (lib) => {
      same(lib.largestProposal([3, 7, 5], 4), 7, "largest");
      same(lib.largestProposal([undefined, 7], 4), 7, "one failed, up");
      same(lib.largestProposal([undefined, 4], 4), 4, "one failed, same");
      same(lib.largestProposal([undefined, 3], 4), undefined, "one failed, down");
      same(lib.largestProposal([undefined], 4), undefined, "all failed");
    },
  },
  {
    sentence: "hpa's external metrics lead from zero without tolerance",
    check: (lib) => {
      const tolerance = { up: 0.1, down: 0.1 };
      same(lib.externalAverageReplicas(0, 15, 10, tolerance), 2, "AverageValue from 0");
      same(lib.externalValueReplicas(0, 0, 15, 10, tolerance), 2, "Value from 0");
      same(lib.externalValueReplicas(3, 2, 15, 10, tolerance), 3, "Value: by ready replicas");
      same(lib.externalValueReplicas(3, 2, 10.9, 10, tolerance), 3, "Value within tolerance: current");
    },
  },
];
