import { liveScenario } from "../live-scenario.js";

/** A fleet of `count` streamlets that restarts fast, and whose clients wait for long. */
export function isolationScenario(count: number, slots: number): string {
  return liveScenario({
    name: "isolation",
    patience: "30s",
    slots: slots,
    max: 100,
    restart: "{backoff: 10ms, factor: 1.5, max: 100ms}",
    more: ["gateway: {waitingRoom: 1000}"],
    policies: `[{kind: static, count: ${count}}]`,
  });
}
