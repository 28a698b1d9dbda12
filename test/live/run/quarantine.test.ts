import { connect, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { defaultGateway, GatewayServer } from "../../../src/live/gateway/gateway-server.js";
import { FleetBench, scenarioOf } from "../fleet-bench.js";
import { until } from "../live-bench.js";
import { liveScenario } from "../live-scenario.js";

const yaml = liveScenario({
  name: "quarantine",
  slots: 1,
  max: 10,
  restart: "{backoff: 10ms, max: 50ms}",
  more: ["gateway: {waitingRoom: 10, quarantine: {deaths: 3, window: 30min, hold: 30min}}"],
  policies: "[{kind: static, count: 2}]",
});

let bench: FleetBench | undefined;
let gateway: GatewayServer | undefined;

interface Talk {
  readonly socket: Socket;
  text: string;
  closed: boolean;
}

function talk(port: number, header: string): Talk {
  const socket = connect(port, "127.0.0.1");
  const talking = { socket, text: "", closed: false };
  socket.on("data", (chunk) => {
    talking.text += chunk.toString("latin1");
  });
  socket.on("error", () => undefined);
  socket.on("close", () => {
    talking.closed = true;
  });
  socket.write(header);
  return talking;
}

describe("a stream that kills its streamlets", () => {
  afterEach(async () => {
    gateway?.close();
    await bench?.close();
    [gateway, bench] = [undefined, undefined];
  });

  it("is refused after the third, with its reason; others are served, and the log replays byte for byte", async () => {
    const scenario = await scenarioOf(yaml);
    const running = await FleetBench.start(scenario);
    bench = running;
    const rules = { scenario, upstreams: new Set<string>(), maxBytes: 0, idleTimeoutMs: 0, patienceMs: 120_000 };
    const pages = { onRefused: () => undefined, page: () => undefined };
    gateway = new GatewayServer(running.run, { ...defaultGateway, rules, token: undefined }, pages);
    const port = await gateway.listen("127.0.0.1", 0);
    for (let death = 0; death < 3; death++) {
      const poison = talk(port, "HEADRACE/1 stream=camera-7\n");
      await until("the poison to be served", () => poison.text.startsWith("HEADRACE/1 200"));
      const victim = running.host.views().find((view) => view.streams > 0)?.id ?? 0;
      process.kill(running.host.pidOf(victim) as number, "SIGKILL");
      await until("the death to be known", () => running.stopped.length === death + 1);
    }
    const refused = talk(port, "HEADRACE/1 stream=camera-7\n");
    await until("the refusal", () => refused.closed);
    expect(refused.text).toBe("HEADRACE/1 403 quarantined\n");
    const http = talk(
      port,
      "POST /stream HTTP/1.1\r\nHost: x\r\nX-Headrace-Stream: camera-7\r\nContent-Length: 0\r\n\r\n",
    );
    await until("the refusal over HTTP", () => http.closed);
    expect(http.text).toMatch(/^HTTP\/1.1 403 .*quarantined/s);
    for (const header of ["HEADRACE/1 stream=camera-8\n", "HEADRACE/1 format=mpegts\n"]) {
      const other = talk(port, header);
      await until("the other to be served", () => other.text.startsWith("HEADRACE/1 200"));
      other.socket.end();
      await until("its end", () => other.closed);
    }
    await until("the reports", () => running.run.world.fleet.open === 0);
    const rejected = running.lines.filter((line) => line.includes('"kind":"rejected"'));
    expect(rejected.map((line) => JSON.parse(line).reason)).toEqual(["quarantined", "quarantined"]);
    expect(running.lines.some((line) => line.includes("camera"))).toBe(false);
    expect(running.stopped).toHaveLength(3);
  });
});
