import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runLogLine } from "../../../src/live/log/run-log-schema.js";
import { replayRun } from "../../../src/live/replay/replay.js";
import { noUserModules } from "../../../src/world/user-modules.js";
import { runtimes, until } from "../live-bench.js";

const scenario = `
name: live-session
duration: 8s
traffic: {source: poisson, rate: 3/s, mix: [{region: default, format: mpegts, share: 1}]}
streams: {holding: {kind: exponential, mean: 2s}, patience: {kind: constant, value: 20s}}
reconnect: {backoff: 100ms, factor: 2, max: 1s, attempts: 3}
fleet:
  streamlet: {slots: 4, formats: [mpegts], memory: 256MiB, spawn: {kind: constant, value: 50ms}}
  max: 20
faults: {streamletMtbf: 5s, spawnFailure: 0.05}
policies: [{kind: on-demand, min: 1, idleTimeout: 1s}]
slo: {startLatencyP99: 500ms}
`;

let folder = "";
let child: ChildProcess | undefined;

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly said: string;
}

function live(args: readonly string[], onSaid?: (said: string) => void): Promise<Ended> {
  const running = spawn(process.execPath, [
    "bin/headrace.js",
    "live",
    join(folder, "live.yaml"),
    "--out",
    folder,
    ...args,
  ]);
  child = running;
  let [out, said] = ["", ""];
  running.stdout.on("data", (chunk) => {
    out += chunk;
  });
  running.stderr.on("data", (chunk) => {
    said += chunk;
    onSaid?.(said);
  });
  return new Promise((resolve) => running.on("close", (code) => resolve({ code, out, said })));
}

/** The log is what its schema says, and a replay writes the same bytes. */
function checkLog(): Record<string, number> {
  const text = readFileSync(join(folder, "run.jsonl"), "utf8");
  const lines = text.trimEnd().split("\n");
  const kinds: Record<string, number> = {};
  for (const line of lines) {
    const { kind } = runLogLine.parse(JSON.parse(line));
    kinds[kind] = (kinds[kind] ?? 0) + 1;
  }
  let replayed = "";
  replayRun(
    lines,
    "run.jsonl",
    () => noUserModules,
    (line) => {
      replayed += `${line}\n`;
    },
  ).checkBooks();
  expect(replayed === text).toBe(true);
  return kinds;
}

describe("headrace live", () => {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "headrace-live-"));
    writeFileSync(join(folder, "live.yaml"), scenario);
  });
  afterEach(() => {
    child?.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(runtimes())(
    "runs a scenario's traffic on real processes with real faults; its log replays byte for byte (%s)",
    async (runtime) => {
      const { code, out, said } = await live(["--json", "--runtime", runtime]);
      expect(said).toContain("every byte right");
      expect(code).toBe(0);
      const { metrics } = JSON.parse(out).policies[0];
      expect(metrics.arrivals.mean).toBeGreaterThan(5);
      expect(metrics.completed.mean).toBeGreaterThan(0);
      const kinds = checkLog();
      expect(kinds.end).toBe(1);
      expect(kinds.ready).toBeGreaterThan(0);
      expect(kinds.assigned).toBeGreaterThan(0);
    },
  );

  // What a zygote forks is ended by the same hands.
  it.each(runtimes().filter((runtime) => runtime !== "zygote"))(
    "hangs streamlets and lets them take all memory where the scenario says so, and tells the one from the other (%s)",
    async (runtime) => {
      const faults = "faults: {hangMtbf: 3s, hangTimeout: 1500ms, memoryHogMtbf: 3s}";
      const small = scenario.replace(/faults: .*/, faults).replace("256MiB", runtime === "node" ? "160MiB" : "32MiB");
      writeFileSync(join(folder, "live.yaml"), small.replace("duration: 8s", "duration: 12s"));
      const { code, said } = await live(["--json", "--runtime", runtime]);
      expect(said).toContain("every byte right");
      expect(code).toBe(0);
      checkLog();
      const lines = readFileSync(join(folder, "run.jsonl"), "utf8").trimEnd().split("\n");
      const reasons = lines.map((line) => JSON.parse(line)).filter(({ kind }) => kind === "stopped");
      expect(reasons.some(({ reason }) => reason === "hung")).toBe(true);
      expect(reasons.some(({ reason }) => reason === "out-of-memory")).toBe(true);
      expect(reasons.some(({ reason }) => reason === "crashed")).toBe(false);
    },
  );

  it("--serve carries a stream, and on SIGTERM lets it end, then reports and leaves", async () => {
    let port = 0;
    const ended = live(["--serve", "--json"], (said) => {
      port = Number(/gateway on http:\/\/127\.0\.0\.1:(\d+)/.exec(said)?.[1] ?? 0);
    });
    await until("the gateway to listen", () => port > 0);
    const client = connect(port, "127.0.0.1");
    let answer = "";
    client.on("data", (chunk) => {
      answer += chunk.toString("latin1");
    });
    client.write("HEADRACE/1 format=mpegts\nhello");
    await until("an echo", () => answer.endsWith("hello"));
    child?.kill("SIGTERM");
    await until("the gateway to take no one in", async () => !(await accepts(port)));
    client.write(" again");
    await until("the stream to go on", () => answer.endsWith("hello again"));
    client.end();
    const { code, out } = await ended;
    expect(code).toBe(0);
    expect(JSON.parse(out).policies[0].metrics).toMatchObject({
      completed: { mean: 1 },
      interruptedRatio: { mean: 0 },
    });
    checkLog();
  });

  it("refuses what cannot be with exit code 2 and one line", async () => {
    const public_ = await live(["--serve", "--address", "0.0.0.0"]);
    expect(public_).toMatchObject({ code: 2, out: "" });
    expect(public_.said).toContain("--address: 0.0.0.0 without a token");
    writeFileSync(join(folder, "live.yaml"), scenario.replaceAll("mpegts", "mp4"));
    const strange = await live([]);
    expect(strange.code).toBe(2);
    writeFileSync(join(folder, "live.yaml"), scenario.replace("slots: 4,", "slots: 4, pids: 3,"));
    const few = await live([]);
    expect(few.code).toBe(2);
    expect(few.said).toContain("fleet.streamlet.pids: 3; expected at least 24");
    expect(strange.said).toContain('the format "mp4"; expected formats that live streamlets decode: frames, mpegts');
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
