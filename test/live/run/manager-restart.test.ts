import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MpegTsWriter } from "../../../src/live/formats/mpegts/writer.js";
import { replayRun } from "../../../src/live/replay/replay.js";
import { noUserModules } from "../../../src/world/user-modules.js";
import { runtimes, until } from "../live-bench.js";
import { crcOf, StreamClient } from "../stream-client.js";

const scenario = `
name: manager-restart
duration: 1h
traffic: {source: poisson, rate: 1/s, mix: [{region: default, format: mpegts, share: 1}]}
streams: {holding: {kind: exponential, mean: 1min}, patience: {kind: constant, value: 60s}}
fleet:
  streamlet: {slots: 4, formats: [mpegts], spawn: {kind: constant, value: 50ms}}
  restart: {backoff: 10ms, max: 100ms}
  max: 20
policies: [{kind: static, count: 3}]
`;

interface View {
  readonly id: number;
  readonly pid: number;
  readonly state: string;
  readonly streams: number;
}

let folder = "";
let child: ChildProcess | undefined;
let said = "";
let [port, api] = [0, 0];

async function serve(runtime: string): Promise<void> {
  said = "";
  const args = ["bin/headrace.js", "live", join(folder, "live.yaml"), "--serve", "--json", "--runtime", runtime];
  child = spawn(process.execPath, [...args, "--out", folder], { stdio: ["ignore", "ignore", "pipe"] });
  child.stderr?.on("data", (chunk) => {
    said += chunk;
  });
  const portOf = (what: RegExp): number => Number(what.exec(said)?.[1] ?? 0);
  await until("the manager", () => portOf(/manager on http:\/\/127\.0\.0\.1:(\d+)/) > 0);
  port = portOf(/gateway on http:\/\/127\.0\.0\.1:(\d+)/);
  api = portOf(/manager on http:\/\/127\.0\.0\.1:(\d+)/);
  await until("three ready streamlets", async () => (await ready()).length === 3);
}

/** What the manager that has the API's port says; nothing while none has it. */
async function views(): Promise<View[]> {
  try {
    return (await (await fetch(`http://127.0.0.1:${api}/streamlets`)).json()) as View[];
  } catch {
    return [];
  }
}

async function ready(): Promise<View[]> {
  return (await views()).filter((view) => view.state === "ready");
}

/** Stops the server; its run log replays to the same bytes. */
async function stopped(): Promise<number | null> {
  const running = child as ChildProcess;
  const code = new Promise<number | null>((resolve) => running.once("exit", resolve));
  running.kill("SIGTERM");
  const ended = await code;
  const text = readFileSync(join(folder, "run.jsonl"), "utf8");
  let replayed = "";
  const sink = (line: string): void => {
    replayed += `${line}\n`;
  };
  replayRun(text.trimEnd().split("\n"), "run.jsonl", () => noUserModules, sink).checkBooks();
  expect(replayed === text).toBe(true);
  return ended;
}

describe("a restart of the streamlet manager", () => {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "headrace-restart-"));
    writeFileSync(join(folder, "live.yaml"), scenario);
  });
  afterEach(() => {
    child?.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(runtimes())(
    "that is asked for breaks no stream: bytes sent before, during and after come back whole (%s)",
    async (runtime) => {
      await serve(runtime);
      const old = await ready();
      const clients = Array.from({ length: 8 }, () => new StreamClient(port));
      await until("service", () => clients.every((client) => client.echoedBytes > 0));
      child?.kill("SIGHUP");
      await until("another manager", () => said.includes("streamlet manager restarted"));
      await until("three ready streamlets of the new one", async () => (await ready()).length === 3);
      const fresh = await ready();
      expect(fresh.filter((view) => old.some((one) => one.pid === view.pid))).toEqual([]);
      const before = clients.map((client) => client.echoedBytes);
      await until("the old streams to go on", () =>
        clients.every((client, i) => client.echoedBytes > before[i] + 10_000),
      );
      const late = new StreamClient(port);
      await until("a new stream to be served by a new streamlet", async () =>
        late.echoedBytes > 0 ? (await views()).some((view) => view.streams === 1) : false,
      );
      for (const client of [...clients, late]) {
        const { sentBytes } = await client.finish();
        expect(client.broken).toBe(false);
        expect(client.echoedBytes).toBe(sentBytes);
        expect(client.echoedCrc).toBe(crcOf(new MpegTsWriter(1_000_000).take(sentBytes / 188)));
      }
      await until("the old manager to leave", () => said.includes("its last stream is over"));
      await until("its streamlets to be gone", () => old.every(({ pid }) => !existsSync(`/proc/${pid}`)));
      expect(await stopped()).toBe(0);
    },
  );

  it("that nobody asked for (kill -9) ends its streamlets with it; another is started, and serves", async () => {
    await serve("node");
    const old = await ready();
    const client = new StreamClient(port);
    await until("service", () => client.echoedBytes > 0);
    const metrics = async (): Promise<string> => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    process.kill(parentOf(old[0].pid), "SIGKILL");
    await until("the client to notice", () => client.broken);
    await until("the old streamlets to be gone", () => old.every(({ pid }) => !existsSync(`/proc/${pid}`)));
    await until("three ready streamlets of another manager", async () => (await ready()).length === 3);
    const again = new StreamClient(port);
    await until("service again", () => again.echoedBytes > 0);
    await again.finish();
    expect(again.broken).toBe(false);
    expect(await metrics()).toContain('headrace_manager_restarts_total{reason="crashed"} 1');
    expect(await metrics()).toContain('headrace_streamlet_stops_total{reason="host-failed"} 3');
    expect(await stopped()).toBe(0);
  });
});

function parentOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
}
