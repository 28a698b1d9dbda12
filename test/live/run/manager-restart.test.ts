import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it, type TestContext } from "vitest";
import { MpegTsWriter } from "../../../src/live/formats/mpegts/writer.js";
import type { Runtime } from "../../../src/live/machine/launch-command.js";
import { runtimes, until } from "../live-bench.js";
import { LiveCommand } from "../live-command.js";
import { liveScenario } from "../live-scenario.js";
import { crcOf, StreamClient } from "../stream-client.js";

const scenario = liveScenario({
  name: "manager-restart",
  patience: "60s",
  max: 20,
  restart: "{backoff: 10ms, max: 100ms}",
  policies: "[{kind: static, count: 3}]",
});

interface View {
  readonly id: number;
  readonly pid: number;
  readonly state: string;
  readonly streams: number;
}

async function viewsOf(live: LiveCommand): Promise<View[]> {
  try {
    return (await (await fetch(`http://127.0.0.1:${live.managerPort}/streamlets`)).json()) as View[];
  } catch {
    // Between two managers the port is free.
    return [];
  }
}

async function readyOf(live: LiveCommand): Promise<View[]> {
  return (await viewsOf(live)).filter((view) => view.state === "ready");
}

/** A gateway with three ready streamlets, until the test ends. */
async function served(runtime: Runtime, context: TestContext): Promise<LiveCommand> {
  const live = new LiveCommand(scenario);
  context.onTestFinished(() => live.dispose());
  await live.serve(["--json", "--runtime", runtime]);
  await until("three ready streamlets", async () => (await readyOf(live)).length === 3);
  return live;
}

describe.concurrent("a restart of the streamlet manager", () => {
  it.for(runtimes())(
    "on request breaks no stream: bytes sent before, during and after come back whole (%s)",
    async (runtime, context) => {
      const live = await served(runtime, context);
      const { port } = live;
      const old = await readyOf(live);
      const clients = Array.from({ length: 8 }, () => new StreamClient(port));
      await until("service", () => clients.every((client) => client.echoedBytes > 0));
      live.process.kill("SIGHUP");
      await until("another manager", () => live.messages.includes("streamlet manager restarted"));
      await until("three ready streamlets of the new one", async () => (await readyOf(live)).length === 3);
      const fresh = await readyOf(live);
      expect(fresh.filter((view) => old.some((one) => one.pid === view.pid))).toEqual([]);
      const before = clients.map((client) => client.echoedBytes);
      await until("the old streams to go on", () =>
        clients.every((client, i) => client.echoedBytes > before[i] + 10_000),
      );
      const late = new StreamClient(port);
      await until("a new stream to be served by a new streamlet", async () =>
        late.echoedBytes > 0 ? (await viewsOf(live)).some((view) => view.streams === 1) : false,
      );
      for (const client of [...clients, late]) {
        const { sentBytes } = await client.finish();
        expect(client.broken).toBe(false);
        expect(client.echoedBytes).toBe(sentBytes);
        expect(client.echoedCrc).toBe(crcOf(new MpegTsWriter(1_000_000).take(sentBytes / 188)));
      }
      await until("the old manager to leave", () => live.messages.includes("its last stream is over"));
      await until("its streamlets to be gone", () => old.every(({ pid }) => !existsSync(`/proc/${pid}`)));
      expect(await live.stop()).toBe(0);
      expect(live.replayedLog()).not.toBe("");
    },
  );

  it("by kill -9 ends its streamlets with it; another is started, and serves", async (context) => {
    const live = await served("node", context);
    const { port } = live;
    const old = await readyOf(live);
    const client = new StreamClient(port);
    await until("service", () => client.echoedBytes > 0);
    const metrics = async (): Promise<string> => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    process.kill(parentOf(old[0].pid), "SIGKILL");
    await until("the client to notice", () => client.broken);
    await until("the old streamlets to be gone", () => old.every(({ pid }) => !existsSync(`/proc/${pid}`)));
    await until("three ready streamlets of another manager", async () => (await readyOf(live)).length === 3);
    const again = new StreamClient(port);
    await until("service again", () => again.echoedBytes > 0);
    await again.finish();
    expect(again.broken).toBe(false);
    expect(await metrics()).toContain('headrace_manager_restarts_total{reason="crashed"} 1');
    expect(await metrics()).toContain('headrace_streamlet_stops_total{reason="host-failed"} 3');
    expect(await live.stop()).toBe(0);
    expect(live.replayedLog()).not.toBe("");
  });
});

function parentOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
}
