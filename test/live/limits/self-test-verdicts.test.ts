import { describe, expect, it } from "vitest";
import { Limiter } from "../../../src/live/limits/limiter.js";
import { noLimits } from "../../../src/live/limits/limits.js";
import { describeProofs, enforcedBy, requireLimits, selfTest } from "../../../src/live/limits/self-test.js";

// Side by side: each gives its hogs 8 s to break a limit, mostly idle. Other work on the machine
// changes neither verdict, so that these two need not run alone.
describe.concurrent("the limits' self-test", () => {
  it("does not call a limit broken where no break was seen: a hog that gets no core proves nothing", async () => {
    const limiter = new Limiter(["cgroup2", "cgroup1"]);
    if (limiter.enforced.memory === "none") {
      limiter.close();
      console.log("not checked: a busy machine, where no group can be made");
      return;
    }
    const open = limiter.open.bind(limiter);
    // As on a machine at load 35: each process is slowed as soon as it is in its group.
    limiter.open = (name, limits) => {
      const cage = open(name, limits);
      const attach = (pid: number): boolean => cage.attach(pid) && process.kill(pid, "SIGSTOP");
      return { ...cage, attach };
    };
    const proofs = await selfTest(limiter);
    limiter.close();
    for (const kind of ["cpu", "memory", "pids"] as const) expect(proofs[kind].verdict).toBe("not-observed");
    expect(describeProofs(proofs).join()).not.toContain("DOES NOT HOLD");
    expect(enforcedBy(proofs).memory).toBe(limiter.enforced.memory);
    expect(() => requireLimits(proofs, [{ ...noLimits, cpu: 0.5, pids: 3 }])).not.toThrow();
  });

  it("finds a limit that is claimed to be enforced and is not", async () => {
    const limiter = new Limiter([]);
    const boaster = Object.assign(Object.create(limiter) as Limiter, {
      enforced: { cpu: "cgroup2", memory: "none", pids: "cgroup2", network: "none" },
    });
    const proofs = await selfTest(boaster);
    expect(proofs.pids).toMatchObject({ by: "cgroup2", verdict: "broken" });
    expect(describeProofs(proofs).join()).toContain("DOES NOT HOLD");
    expect(() => requireLimits(proofs, [{ ...noLimits, pids: 3 }])).toThrow(/a second process was let in/);
  });
});
