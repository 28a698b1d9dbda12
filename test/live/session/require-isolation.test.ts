import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { WriteFaults } from "../../../src/live/log/write-faults.js";
import { runSession } from "../../../src/live/session/session.js";
import type { SessionOptions } from "../../../src/live/session/session-options.js";
import { scenarioOf } from "../fleet-bench.js";
import { liveScenario } from "../live-scenario.js";

const scenario = liveScenario({
  name: "require-isolation",
  duration: "10s",
  holding: "2s",
  max: 1,
  policies: "[{kind: static, count: 1}]",
});

it("--require-isolation refuses a run whose streamlets would have a right that they are to lose", async () => {
  const folder = mkdtempSync(join(tmpdir(), "headrace-require-"));
  const read = await scenarioOf(scenario);
  const options: SessionOptions = {
    scenario: read,
    policy: read.policies[0],
    runtime: "node",
    serve: false,
    withFaults: false,
    address: "127.0.0.1",
    port: 0,
    managerPort: 0,
    token: undefined,
    requireLimits: false,
    requireIsolation: true,
    // No user of its own: root's number is the one that they would have anyway.
    user: { uid: 0, gid: 0 },
    upstreams: [],
    speed: 1,
    logFile: join(folder, "run.jsonl"),
    writes: new WriteFaults(),
    room: 4,
  };
  const run = runSession(options, AbortSignal.timeout(20_000), () => undefined);
  await expect(run).rejects.toThrow(/--require-isolation: .*own-user/);
  rmSync(folder, { recursive: true });
});
