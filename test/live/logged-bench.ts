import { packageVersion } from "../../src/experiment/version.js";
import { readHeader, writeHeader } from "../../src/live/log/scenario-record.js";
import { EchoClient } from "./echo-client.js";
import { FleetBench, scenarioOf } from "./fleet-bench.js";
import { until } from "./live-bench.js";
import { liveScenario } from "./live-scenario.js";

const yaml = liveScenario({
  name: "logged",
  holding: "1s",
  patience: "30s",
  slots: 2,
  max: 12,
  restart: "{backoff: 10ms, factor: 1.5, max: 100ms}",
  more: ["gateway: {waitingRoom: 100}", "cost: {streamletHour: 0.01}"],
  policies:
    "[{kind: on-demand, idleTimeout: 200ms, min: 1, tick: 100ms}, {kind: static, " +
    "count: 6}, {kind: hpa, targetUtilisation: 0.7, min: 1, max: 12, tick: 1s}]",
});

/**
 * The log of a short run on real processes, as `headrace live` writes it: a dozen streams begin
 * and end, one streamlet is killed.
 */
export async function shortRunLog(): Promise<string> {
  const bench = await FleetBench.start(await scenarioOf(yaml));
  await until("a ready streamlet", () => bench.readyIds().length > 0);
  for (let wave = 0; wave < 3; wave++) {
    const clients = Array.from({ length: 4 }, () => new EchoClient(bench.port, wave === 1));
    await until("service", () => clients.every((client) => client.served));
    if (wave === 1) {
      const victim = bench.host.views().find((view) => view.streams > 0)?.id ?? 0;
      process.kill(bench.host.pidOf(victim) as number, "SIGKILL");
      await until("the end of the victim", () => bench.stopped.some((one) => one.id === victim));
      await until("service again", () => clients.every((client) => client.served));
    }
    await Promise.all(clients.map((client) => client.finish()));
  }
  await until("the reports", () => bench.run.world.fleet.open === 0);
  await bench.close();
  const header = { ...readHeader(bench.lines[0], "run.jsonl"), version: packageVersion() };
  return `${[writeHeader(header), ...bench.lines.slice(1)].join("\n")}\n`;
}
