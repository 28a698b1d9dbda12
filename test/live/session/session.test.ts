import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runLogLine } from "../../../src/live/log/run-log-schema.js";
import { runtimes, until } from "../live-bench.js";
import { LiveCommand } from "../live-command.js";
import { liveScenario } from "../live-scenario.js";

const scenario = liveScenario({
  name: "live-session",
  duration: "8s",
  rate: "3/s",
  holding: "2s",
  patience: "20s",
  streamlet: "memory: 256MiB",
  max: 20,
  more: [
    "reconnect: {backoff: 100ms, factor: 2, max: 1s, attempts: 3}",
    "faults: {streamletMtbf: 5s, spawnFailure: 0.05}",
    "slo: {startLatencyP99: 500ms}",
  ],
  policies: "[{kind: on-demand, min: 1, idleTimeout: 1s}]",
});

/** How often each kind of record is in a run log; each is what its schema says. */
function kindsOf(log: string): Map<string, number> {
  const kinds = new Map<string, number>();
  for (const line of log.trimEnd().split("\n")) {
    const { kind } = runLogLine.parse(JSON.parse(line));
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  return kinds;
}

// Side by side: a run waits for its traffic most of the time.
describe.concurrent("headrace live", () => {
  it.for(runtimes())(
    "runs a scenario's traffic on real processes with real faults; its log replays byte for byte (%s)",
    async (runtime, { onTestFinished }) => {
      const live = new LiveCommand(scenario);
      onTestFinished(() => live.dispose());
      expect(await live.run(["--json", "--runtime", runtime]), live.messages).toBe(0);
      expect(live.messages).toContain("every byte right");
      const { metrics } = JSON.parse(live.output).policies[0];
      expect(metrics.arrivals.mean).toBeGreaterThan(5);
      expect(metrics.completed.mean).toBeGreaterThan(0);
      const kinds = kindsOf(live.replayedLog());
      expect(kinds.get("end")).toBe(1);
      expect(kinds.get("ready")).toBeGreaterThan(0);
      expect(kinds.get("assigned")).toBeGreaterThan(0);
    },
  );

  it("names a knob that the policy's module never reads", async ({ onTestFinished }) => {
    const policies = "policies: [{kind: ./fixed.mjs, tick: 1s, min: 1, burst: 3}]";
    const live = new LiveCommand(scenario.replace(/policies: .*/, policies).replace("duration: 8s", "duration: 2s"));
    onTestFinished(() => live.dispose());
    const decide = "({ pools }) => pools.map(() => ({ desired: 2, reason: 'two' }))";
    writeFileSync(join(live.folder, "fixed.mjs"), `export const createPolicy = () => ({ decide: ${decide} });\n`);
    expect(await live.run(["--json", "--runtime", "node"]), live.messages).toBe(0);
    expect(live.messages).toContain('fixed: its module never reads the knob "burst", so it has no effect.');
    expect(JSON.parse(live.output).policies[0].unreadKnobs).toEqual(["burst"]);
  });

  // A streamlet that a zygote forked ends in the same way as a native one.
  it.for(runtimes().filter((runtime) => runtime !== "zygote"))(
    "hangs streamlets and lets them take all memory where the scenario says so, with a reason for each (%s)",
    async (runtime, { onTestFinished }) => {
      const faults = "faults: {hangMtbf: 3s, hangTimeout: 1500ms, memoryHogMtbf: 3s}";
      const small = scenario.replace(/faults: .*/, faults).replace("256MiB", runtime === "node" ? "160MiB" : "32MiB");
      const live = new LiveCommand(small.replace("duration: 8s", "duration: 12s"));
      onTestFinished(() => live.dispose());
      expect(await live.run(["--json", "--runtime", runtime]), live.messages).toBe(0);
      expect(live.messages).toContain("every byte right");
      const log = live.replayedLog();
      expect(kindsOf(log).get("end")).toBe(1);
      const lines = log.trimEnd().split("\n");
      const reasons = lines.map((line) => JSON.parse(line)).filter(({ kind }) => kind === "stopped");
      expect(reasons.some(({ reason }) => reason === "hung")).toBe(true);
      expect(reasons.some(({ reason }) => reason === "out-of-memory")).toBe(true);
      expect(reasons.some(({ reason }) => reason === "crashed")).toBe(false);
    },
  );

  it("--serve carries a stream, and on SIGTERM lets it end, then reports and leaves", async ({ onTestFinished }) => {
    const live = new LiveCommand(scenario);
    onTestFinished(() => live.dispose());
    await live.serve(["--json"]);
    const { port } = live;
    const client = connect(port, "127.0.0.1");
    let answer = "";
    client.on("data", (chunk) => {
      answer += chunk.toString("latin1");
    });
    client.write("HEADRACE/1 format=mpegts\nhello");
    await until("an echo", () => answer.endsWith("hello"));
    live.process.kill("SIGTERM");
    await until("the gateway to take no one in", async () => !(await accepts(port)));
    client.write(" again");
    await until("the stream to go on", () => answer.endsWith("hello again"));
    client.end();
    expect(await live.ended).toBe(0);
    expect(JSON.parse(live.output).policies[0].metrics).toMatchObject({
      completed: { mean: 1 },
      interruptedRatio: { mean: 0 },
    });
    expect(kindsOf(live.replayedLog()).get("end")).toBe(1);
  });

  it.for<[string, string, string[], string]>([
    [
      "a public address without a token",
      scenario,
      ["--serve", "--address", "0.0.0.0"],
      "--address: 0.0.0.0 without a token",
    ],
    [
      "a format that streamlets do not decode",
      scenario.replaceAll("mpegts", "mp4"),
      [],
      'the format "mp4"; expected formats that live streamlets decode: frames, mpegts',
    ],
    [
      "too few processes for a streamlet",
      scenario.replace("slots: 4,", "slots: 4, pids: 3,"),
      [],
      "fleet.streamlet.pids: 3; expected at least 24",
    ],
  ])("refuses %s with exit code 2 and a message", async ([, yaml, args, message], { onTestFinished }) => {
    const live = new LiveCommand(yaml);
    onTestFinished(() => live.dispose());
    expect([await live.run(args), live.output]).toEqual([2, ""]);
    expect(live.messages).toContain(message);
  });
});

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}
