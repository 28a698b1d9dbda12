import { readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { describe, expect, it, type TestContext } from "vitest";
import { until } from "../live-bench.js";
import { LiveCommand } from "../live-command.js";
import { liveScenario } from "../live-scenario.js";
import { StreamClient } from "../stream-client.js";

const scenario = liveScenario({
  name: "monitored",
  slots: 2,
  max: 1,
  restart: "{backoff: 10ms, max: 100ms}",
  more: ["gateway: {waitingRoom: 1}"],
  policies: "[{kind: hpa, targetUtilisation: 0.7, min: 1, max: 1, tick: 1s}]",
});
const TOKEN = "a-token-that-nobody-may-read";
const GUESS = "a-guess-that-is-a-secret-elsewhere";

interface Entry {
  readonly time: string;
  readonly level: string;
  readonly component: string;
  readonly event: string;
  readonly message?: string;
  readonly reason?: string;
}

/** A gateway whose token is unreadable until the test ends. */
async function served(context: TestContext, ...args: string[]): Promise<LiveCommand> {
  const live = new LiveCommand(scenario);
  context.onTestFinished(() => live.dispose());
  await serve(live, ...args);
  return live;
}

async function serve(live: LiveCommand, ...args: string[]): Promise<void> {
  const token = join(live.folder, "token");
  writeFileSync(token, `${TOKEN}\n`);
  await live.serve(["--json", "--token-file", token, ...args]);
}

/** A request by hand; resolves with everything that was answered. */
function ask(port: number, line: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  let answer = "";
  socket.on("data", (chunk) => {
    answer += chunk.toString("latin1");
  });
  socket.on("error", () => undefined);
  socket.write(line);
  return new Promise((resolve) => socket.on("close", () => resolve(answer)));
}

async function metricsOf(port: number): Promise<string> {
  const headers = { authorization: `Bearer ${TOKEN}` };
  return (await fetch(`http://127.0.0.1:${port}/metrics`, { headers })).text();
}

/** Everything that a gateway may meet, once: served, refused, rejected, abandoned, killed. */
async function eventfulDay(live: LiveCommand): Promise<void> {
  const { port, managerPort } = live;
  const header = `HEADRACE/1 format=mpegts token=${TOKEN} stream=camera-7\n`;
  expect(await ask(port, `HEADRACE/1 token=${GUESS}\n`)).toBe("HEADRACE/1 401 no-token\n");
  const ready = /headrace_streamlets\{[^}]*state="ready"\} 1/;
  await until("a ready streamlet", async () => ready.test(await metricsOf(port)));
  const clients = [new StreamClient(port, header), new StreamClient(port, header)];
  await until("service", () => clients.every((client) => client.echoedBytes > 0));
  const impatient = header.replace("\n", " patience=500\n");
  const [abandoned, rejected] = await Promise.all([ask(port, impatient), ask(port, impatient)]);
  expect([abandoned, rejected].map((answer) => /^HEADRACE\/1 503 (\S+)/.exec(answer)?.[1]).sort()).toEqual([
    "no-free-slot",
    "waiting-room-full",
  ]);
  await clients[0].finish();
  const headers = { authorization: `Bearer ${TOKEN}` };
  const views = await (await fetch(`http://127.0.0.1:${managerPort}/streamlets`, { headers })).json();
  process.kill((views as { pid: number }[])[0].pid, "SIGKILL");
  await until("the client to notice", () => clients[1].broken);
  await until("a decision and the next streamlet", async () => {
    const text = await metricsOf(port);
    return text.includes("headrace_decisions_total{") && ready.test(text);
  });
}

function entries(text: string): Entry[] {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Entry);
}

describe.concurrent("monitoring", () => {
  it("logs what happens as one JSON object per line, with its level, and no secret", async (context) => {
    const live = await served(context, "--json-log", "-", "--log-level", "debug");
    await eventfulDay(live);
    await live.stop();
    const all = entries(live.messages);
    for (const entry of all) {
      expect(new Date(entry.time).toISOString()).toBe(entry.time);
      expect(["gateway", "manager"]).toContain(entry.component);
    }
    const seen = new Set(all.map(({ level, event, reason }) => `${level} ${event}${reason ? ` ${reason}` : ""}`));
    const must = [
      "debug request-assigned",
      "debug request-waiting",
      "warn request-refused no-token",
      "warn request-rejected waiting-room-full",
      "warn request-abandoned",
      "info streamlet-ready",
      "info stream-ended",
      "warn process-ended crashed",
      "warn streamlet-stopped crashed",
    ];
    expect(must.filter((one) => !seen.has(one))).toEqual([]);
    expect(all.some((entry) => entry.event === "decided")).toBe(true);
    for (const secret of [TOKEN, GUESS, "camera-7"]) expect(live.messages).not.toContain(secret);
    expect(readFileSync(join(live.out, "run.jsonl"), "utf8")).not.toMatch(new RegExp(`${TOKEN}|${GUESS}|camera-7`));
  });

  it("keeps a structured log in a file from the level asked for, and appends after a restart", async (context) => {
    const live = new LiveCommand(scenario);
    context.onTestFinished(() => live.dispose());
    const file = join(live.folder, "events.jsonl");
    for (let run = 1; run <= 2; run++) {
      await serve(live, "--json-log", file, "--log-level", "warn");
      expect(await ask(live.port, `HEADRACE/1 token=${GUESS}\n`)).toContain("401");
      await live.stop();
      const all = entries(readFileSync(file, "utf8"));
      expect(all.filter((entry) => entry.event === "request-refused")).toHaveLength(run);
      expect(all.every((entry) => entry.level !== "info" && entry.level !== "debug")).toBe(true);
    }
  });

  it("ships a Grafana dashboard that asks for all metrics of /metrics, by labels that they have", async (context) => {
    const live = await served(context);
    await eventfulDay(live);
    live.process.kill("SIGHUP");
    await until("another manager", () => live.messages.includes("streamlet manager restarted"));
    const text = await metricsOf(live.port);
    await live.stop();
    const printed = new Map(
      Array.from(text.matchAll(/^# TYPE (headrace_\w+) (\w+)$/gm), ([, name, type]) => [name, type]),
    );
    expect(printed.size).toBeGreaterThan(10);
    const dashboard = JSON.parse(readFileSync("dashboards/headrace-live.json", "utf8"));
    const exprs: string[] = dashboard.panels.flatMap((panel: { targets: { expr: string }[] }) =>
      panel.targets.map((target) => target.expr),
    );
    const asked = new Set<string>();
    for (const expr of exprs) {
      for (const [name] of expr.matchAll(/headrace_\w+/g)) {
        const base = printed.has(name) ? name : name.replace(/_(bucket|sum|count)$/, "");
        expect(printed.has(base), `${name} of the dashboard is printed`).toBe(true);
        if (base !== name) expect(printed.get(base)).toBe("histogram");
        if (/rate\(|increase\(/.test(expr)) expect(printed.get(base), name).toMatch(/^(counter|histogram)$/);
        asked.add(base);
        const labels = /by \(([^)]*)\)/.exec(expr)?.[1].split(/\s*,\s*/) ?? [];
        const sample = new RegExp(`^${name}\\{(.*)\\} `, "m").exec(text)?.[1];
        // Nothing is wrong with the streams of this test: faults have no sample.
        if (name === "headrace_stream_errors_total") continue;
        for (const label of labels) expect(sample, `${name} has the label ${label}`).toContain(`${label}="`);
      }
    }
    expect(Array.from(printed.keys()).filter((name) => !asked.has(name))).toEqual([]);
    expect(JSON.parse(readFileSync("package.json", "utf8")).files).toContain("dashboards");
  });
});
