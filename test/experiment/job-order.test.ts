import { describe, expect, it } from "vitest";
import { JobOrder } from "../../src/experiment/job-order.js";
import type { RunJob } from "../../src/experiment/run-job.js";
import type { Scenario } from "../../src/world/scenario/scenario.js";

const POLICIES = ["short", "long"] as const;
const scenario = { policies: POLICIES.map((name) => ({ name })) } as unknown as Scenario;

function jobsOf(replications: number): RunJob[] {
  return Array.from({ length: 2 * replications }, (_, job) => {
    return { scenario, policy: job % 2, replication: job >> 1, job } as unknown as RunJob;
  });
}

/** The makespan of all jobs on two threads, each of which takes its next job when it is free. */
function spanMs(replications: number, wallMs: readonly number[], learns: boolean): number {
  const order = new JobOrder(jobsOf(replications));
  const freeAtMs = [0, 0];
  const ended: { readonly atMs: number; readonly job: RunJob }[] = [];
  for (let taken = 0; taken < 2 * replications; taken++) {
    const thread = freeAtMs[0] <= freeAtMs[1] ? 0 : 1;
    const nowMs = freeAtMs[thread];
    for (const { job } of ended.filter(({ atMs }) => learns && atMs <= nowMs)) order.took(job, wallMs[job.policy]);
    const job = order.take() as RunJob;
    freeAtMs[thread] += wallMs[job.policy];
    ended.push({ atMs: freeAtMs[thread], job });
  }
  return Math.max(...freeAtMs);
}

describe("the order of jobs", () => {
  it("takes each job once, and no replication before the one before it", () => {
    const order = new JobOrder(jobsOf(3));
    const taken: RunJob[] = [];
    for (let job = order.take(); job !== undefined; job = order.take()) {
      taken.push(job);
      order.took(job, 100 * job.policy);
    }
    expect(taken.map(({ replication }) => replication)).toEqual([0, 0, 1, 1, 2, 2]);
    expect(taken.map(({ job }) => job)).toEqual([0, 1, 3, 2, 5, 4]);
  });

  it("leaves less idle time at the end than the given order, if the longer policy comes last there", () => {
    expect(spanMs(10, [800, 1300], false)).toBe(11_000);
    expect(spanMs(10, [800, 1300], true)).toBe(10_500);
  });

  it("takes nothing after it was stopped", () => {
    const order = new JobOrder(jobsOf(2));
    order.take();
    order.stop();
    expect(order.take()).toBeUndefined();
  });

  it("leaves jobs of other scenarios where they are", () => {
    const other = { policies: [{ name: "other" }] } as unknown as Scenario;
    const jobs = [...jobsOf(1), { ...jobsOf(1)[0], scenario: other, job: 2 }];
    const order = new JobOrder(jobs);
    order.took(jobs[0], 10);
    order.took(jobs[1], 20);
    expect([order.take(), order.take(), order.take()].map((job) => job?.job)).toEqual([1, 0, 2]);
  });
});
