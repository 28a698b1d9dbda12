import { describe, expect, it } from "vitest";
import { FailureNotes } from "../../src/experiment/failure-notes.js";
import { runJobs } from "../../src/experiment/job-pool.js";
import { ordinaryScenario } from "../world/ordinary-scenario.js";

describe("the failures of policies over the runs of a command", () => {
  it("are added up by policy, with the first of them", () => {
    const notes = new FailureNotes();
    expect(notes.text).toBe("");
    notes.add("mine", { count: 2, asked: 3, first: { atMs: 0, message: "boom", at: "/mine.js:1:2" } });
    notes.add("mine", { count: 3, asked: 3, first: { atMs: 60_000, message: "later" } });
    expect(notes.text).toBe(
      "mine FAILED at 5 of 6 decisions, so there is no verdict on it: the fleet stayed as it was each time. " +
        "First after 0 ms: boom (/mine.js:1:2)\n",
    );
  });

  it("are none where no policy failed", async () => {
    const notes = new FailureNotes();
    const scenario = ordinaryScenario({ durationMs: 60_000, warmupMs: 0 });
    const options = { threads: 0, onPolicyFailed: notes.add };
    await runJobs([{ scenario, policy: 0, replication: 0 }], options, () => undefined);
    expect(notes.text).toBe("");
  });
});
