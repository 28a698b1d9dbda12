import { defaultGateway, GatewayServer, type GatewayServerSpec } from "../../../src/live/gateway/gateway-server.js";
import type { Runtime } from "../../../src/live/machine/launch-command.js";
import { LiveMetrics } from "../../../src/live/watch/live-metrics.js";
import { poolsOf } from "../../../src/world/pools.js";
import { FleetBench, scenarioOf } from "../fleet-bench.js";
import { until } from "../live-bench.js";
import { liveScenario } from "../live-scenario.js";
import { wholeAnswer } from "../whole-answer.js";

const yaml = liveScenario({
  name: "gateway-bench",
  mix: "[{region: eu, format: mpegts, segment: free, share: 1}, {region: eu, format: frames, segment: free, share: 1}]",
  slots: 64,
  formats: "[mpegts, frames]",
  max: 4,
  more: ["gateway: {waitingRoom: 10}"],
  policies: "[{kind: static, count: 1}]",
});

/** A gateway server before one streamlet of two formats, so that a request must name its own. */
export class GatewayBench {
  private constructor(
    readonly fleet: FleetBench,
    readonly gateway: GatewayServer,
    readonly port: number,
  ) {}

  static async start(
    runtime: Runtime,
    spec: Partial<GatewayServerSpec> = {},
    upstreams: string[] = [],
  ): Promise<GatewayBench> {
    const scenario = await scenarioOf(yaml);
    const names = poolsOf(scenario).map((pool) => pool.name);
    const metrics = new LiveMetrics(scenario, names);
    const fleet = await FleetBench.start(scenario, runtime, Number.POSITIVE_INFINITY, {}, metrics);
    const bounds = { maxBytes: 0, idleTimeoutMs: 30_000, patienceMs: 30_000 };
    const rules = { scenario, upstreams: new Set(upstreams), ...bounds };
    const health = { type: "application/json", body: '{"status":"up"}\n' };
    const gateway = new GatewayServer(
      fleet.run,
      { ...defaultGateway, token: undefined, ...spec, rules },
      {
        onRefused: () => undefined,
        page: (path) =>
          path === "/metrics" ? metrics.page() : path === "/health" ? Promise.resolve(health) : undefined,
      },
    );
    const port = await gateway.listen("127.0.0.1", 0);
    await until("a ready streamlet", () => fleet.readyIds().length === 1);
    return new GatewayBench(fleet, gateway, port);
  }

  /** Sends a text and gives all that comes back, as latin1. */
  say(text: string): Promise<string> {
    return wholeAnswer(this.port, text);
  }

  async close(): Promise<void> {
    this.gateway.close();
    await this.fleet.close();
  }
}
