import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RandomStreams } from "../../../src/base/random.js";
import { MpegTsWriter } from "../../../src/live/formats/mpegts/writer.js";
import { cgroupMounts } from "../../../src/live/limits/cgroup-files.js";
import { childGroups } from "../../../src/live/limits/cgroup-groups.js";
import type { Runtime } from "../../../src/live/machine/launch-command.js";
import { until } from "../live-bench.js";
import { liveScenario } from "../live-scenario.js";

const STREAMLETS = 3;
const SLOTS = 8;
const CLIENTS = 20;
const scenario = liveScenario({
  name: "storm",
  rate: "3/s",
  holding: "2s",
  patience: "10s",
  slots: SLOTS,
  streamlet: "memory: 256MiB, pids: 64",
  max: STREAMLETS,
  restart: "{backoff: 10ms, max: 500ms}",
  more: ["faults: {hangTimeout: 1500ms}", "gateway: {waitingRoom: 1000}"],
  policies: `[{kind: static, count: ${STREAMLETS}, tick: 200ms}]`,
});

/** What a storm came to. */
export interface StormFigures {
  /** Signals that were sent, by what they hit: "manager SIGKILL" and so on. */
  readonly hits: Readonly<Record<string, number>>;
  /** As the clients saw it, and as the run log has it. */
  readonly streams: Readonly<Record<"whole" | "cut" | "refused", number>>;
  readonly requests: number;
  readonly ends: number;
  /** Streams that were carried at once afterwards, of as many as there are slots. */
  readonly carriedAfterwards: number;
  readonly slots: number;
  readonly exitCode: number | null;
  readonly replays: boolean;
  readonly left: { readonly processes: string[]; readonly files: string[]; readonly groups: string[] };
  readonly said: string;
}

/**
 * One gateway under load whose processes are killed and stopped at random for this many seconds.
 */
export async function storm(runtime: Runtime, seconds: number, seed: number): Promise<StormFigures> {
  const folder = mkdtempSync(join(tmpdir(), "headrace-storm-"));
  try {
    return await new Storm(folder, runtime, seed).run(seconds);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

class Storm {
  private readonly random;
  private readonly hits = new Map<string, number>();
  private readonly streams = { whole: 0, cut: 0, refused: 0 };
  private readonly managers = new Set<number>();
  private readonly places: string;
  private gateway: ChildProcess | undefined;
  private said = "";
  private port = 0;
  private calm = false;

  constructor(
    private readonly folder: string,
    private readonly runtime: Runtime,
    seed: number,
  ) {
    this.random = new RandomStreams(seed, 0).named("storm");
    this.places = join(folder, "tmp");
  }

  async run(seconds: number): Promise<StormFigures> {
    const ended = this.start();
    await until("the gateway to listen", () => /gateway on .*:(\d+)\/stream/.test(this.said));
    this.port = Number(/gateway on .*:(\d+)\/stream/.exec(this.said)?.[1]);
    const clients = Array.from({ length: CLIENTS }, () => this.client());
    const endMs = performance.now() + seconds * 1000;
    while (performance.now() < endMs) {
      await sleep(100 + 400 * this.random.uniform());
      this.strike();
    }
    this.calm = true;
    await Promise.all(clients);
    const carriedAfterwards = await this.fillSlots();
    this.gateway?.kill("SIGTERM");
    const exitCode = await ended;
    const log = join(this.folder, "out", "run.jsonl");
    const replay = spawnSync(process.execPath, ["bin/headrace.js", "replay", log], { encoding: "utf8" });
    const { requests, ends } = countsOf(log);
    return {
      hits: Object.fromEntries(this.hits),
      streams: this.streams,
      requests,
      ends,
      carriedAfterwards,
      slots: STREAMLETS * SLOTS,
      exitCode,
      replays: replay.status === 0,
      left: { processes: this.processes().map(({ command }) => command), files: this.files(), groups: this.groups() },
      said: this.said,
    };
  }

  private start(): Promise<number | null> {
    const file = join(this.folder, "live.yaml");
    writeFileSync(file, scenario);
    mkdirSync(this.places, { mode: 0o700 });
    const out = join(this.folder, "out");
    const args = ["bin/headrace.js", "live", file, "--serve", "--runtime", this.runtime, "--out", out, "--json"];
    const { XDG_RUNTIME_DIR: _, ...env } = process.env;
    const running = spawn(process.execPath, args, {
      stdio: ["ignore", "ignore", "pipe"],
      env: { ...env, TMPDIR: this.places },
    });
    this.gateway = running;
    running.stderr.on("data", (chunk) => {
      this.said += chunk;
    });
    return new Promise((resolve) => running.once("exit", resolve));
  }

  /** Streams one after the other, of 0.1 to 1 s. */
  private async client(): Promise<void> {
    while (!this.calm) {
      const end = await stream(this.port, 100 + 900 * this.random.uniform(), this.random.uniform() < 0.2);
      this.streams[end]++;
      if (end !== "whole") await sleep(50);
    }
  }

  private strike(): void {
    const found = this.processes().filter(({ kind }) => kind !== "other");
    const kinds = Array.from(new Set(found.map(({ kind }) => kind)));
    if (kinds.length === 0) return;
    // Streamlets are most, and the manager's end ends all: it is hit once in ten times.
    const kind = this.random.uniform() < 0.1 ? "manager" : this.pick(kinds.filter((one) => one !== "manager"));
    const targets = found.filter((one) => one.kind === kind);
    for (const { pid } of found.filter((one) => one.kind === "manager")) this.managers.add(pid);
    if (targets.length === 0) return;
    const signal = this.random.uniform() < 0.6 ? "SIGKILL" : "SIGSTOP";
    try {
      process.kill(this.pick(targets).pid, signal);
    } catch {
      return;
    }
    const name = `${kind} ${signal}`;
    this.hits.set(name, (this.hits.get(name) ?? 0) + 1);
  }

  private pick<T>(of: readonly T[]): T {
    return of[Math.floor(this.random.uniform() * of.length)];
  }

  /** As many streams at once as there are slots, when all has recovered. */
  private async fillSlots(): Promise<number> {
    const free = async (): Promise<number> => {
      const page = await fetch(`http://127.0.0.1:${this.port}/ready`).then((response) => response.json());
      return page.pools.reduce((sum: number, pool: { freeSlots: number }) => sum + pool.freeSlots, 0);
    };
    await until("every slot to be free again", async () => (await free()) === STREAMLETS * SLOTS);
    const sockets = Array.from({ length: STREAMLETS * SLOTS }, () => connect(this.port, "127.0.0.1"));
    let carried = 0;
    for (const socket of sockets) {
      socket.on("error", () => undefined).once("data", () => carried++);
      socket.write("HEADRACE/1 format=mpegts\n");
    }
    await until("every slot to carry a stream", () => carried === sockets.length);
    for (const socket of sockets) socket.destroy();
    return carried;
  }

  /** Those of this storm, by the folder for temporary files that they were given. */
  private processes(): { pid: number; kind: string; command: string }[] {
    return readdirSync("/proc").flatMap((name) => {
      if (!/^\d+$/.test(name) || Number(name) === this.gateway?.pid) return [];
      const environment = textOf(`/proc/${name}/environ`);
      const stat = textOf(`/proc/${name}/stat`);
      if (!environment.includes(`TMPDIR=${this.places}\0`) || /\) Z/.test(stat)) return [];
      const command = textOf(`/proc/${name}/cmdline`).replaceAll("\0", " ").trim();
      const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
      // What a manager has just forked bears its name until it becomes another program.
      const kind = kindOf(command) === "manager" && parent !== this.gateway?.pid ? "other" : kindOf(command);
      return [{ pid: Number(name), kind, command }];
    });
  }

  private files(): string[] {
    return readdirSync(this.places);
  }

  private groups(): string[] {
    const names = cgroupMounts().flatMap(({ own, root }) => [own, root].flatMap(childGroups));
    return names.filter((name) => Array.from(this.managers).some((pid) => name.startsWith(`headrace-${pid}-`)));
  }
}

function kindOf(command: string): string {
  if (command.includes("manager/main.js")) return "manager";
  if (/--(zygote|launcher|first)\b/.test(command)) return "maker";
  return /native\/streamlet|streamlet\/main\.js/.test(command) ? "streamlet" : "other";
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return "";
  }
}

/** Each request of the log with its one end; streams of a stopped streamlet end with it. */
function countsOf(log: string): { requests: number; ends: number } {
  const records = readFileSync(log, "utf8")
    .trimEnd()
    .split("\n")
    .slice(1)
    .map((line) => JSON.parse(line));
  const carriers = new Map<number, Set<number>>();
  let [requests, ends] = [0, 0];
  for (const { kind, request, id } of records) {
    if (kind === "request") requests++;
    else if (kind === "assigned") carriers.set(id, (carriers.get(id) ?? new Set()).add(request));
    else if (kind === "ended" && carriers.get(id)?.delete(request)) ends++;
    else if (kind === "rejected" || kind === "abandoned") ends++;
    else if (kind === "stopped") {
      ends += carriers.get(id)?.size ?? 0;
      carriers.delete(id);
    }
  }
  return { requests, ends };
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

const PIECE = new MpegTsWriter(1_000_000).take(26);

/**
 * One stream: whole if every sent byte came back. Some are reset by their client, which counts as
 * whole.
 */
function stream(port: number, holdMs: number, reset: boolean): Promise<"whole" | "cut" | "refused"> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    let [sent, got, head] = [0, 0, ""];
    let timer: NodeJS.Timeout | undefined;
    const settle = (): void => {
      clearInterval(timer);
      socket.destroy();
      if (head !== "" && !head.startsWith("HEADRACE/1 200")) resolve("refused");
      else resolve(isDone && (reset || got === sent) ? "whole" : "cut");
    };
    let isDone = false;
    const send = (): void => {
      if (performance.now() < untilMs) {
        socket.write(PIECE);
        sent += PIECE.length;
        return;
      }
      clearInterval(timer);
      isDone = true;
      if (reset) socket.resetAndDestroy();
      else socket.end();
    };
    let untilMs = 0;
    socket
      .on("error", () => undefined)
      .on("close", settle)
      .on("end", settle);
    socket.setTimeout(30_000, settle);
    socket.on("data", (chunk) => {
      if (head.includes("\n")) got += chunk.length;
      else {
        head += chunk.toString("latin1");
        const end = head.indexOf("\n");
        if (end < 0) return;
        got += head.length - end - 1;
        untilMs = performance.now() + holdMs;
        if (head.startsWith("HEADRACE/1 200")) timer = setInterval(send, 40);
      }
    });
    socket.write("HEADRACE/1 format=mpegts patience=8000\n");
  });
}
