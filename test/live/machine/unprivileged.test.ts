import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { replayRun } from "../../../src/live/replay/replay.js";
import { noUserModules } from "../../../src/world/user-modules.js";
import { runtimes, until } from "../live-bench.js";
import { StreamClient } from "../stream-client.js";

const scenario = `
name: unprivileged
duration: 1h
traffic: {source: poisson, rate: 1/s, mix: [{region: default, format: mpegts, share: 1}]}
streams: {holding: {kind: exponential, mean: 1min}}
fleet:
  streamlet: {slots: 4, cpu: 0.5, memory: 512MiB, network: 50Mbps, formats: [mpegts], spawn: {kind: constant, value: 50ms}}
  max: 4
policies: [{kind: static, count: 2}]
`;
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;
const asNobody = ["setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups", "--no-new-privs"];

/** What a command must begin with to run as somebody without rights; undefined, with the reason printed, where that cannot be had. */
function unprivileged(): string[] | undefined {
  if (!isRoot) return [];
  const [program, ...rest] = asNobody;
  const tried = spawnSync(program, [...rest, process.execPath, "bin/headrace.js", "--version"]);
  if (tried.status === 0) return asNobody;
  const why = tried.error === undefined ? "this checkout is not readable by another user" : "there is no setpriv";
  console.log(`not checked: a run without privileges, since ${why}`);
  return undefined;
}

const prefix = unprivileged();
let folder = "";
let child: ChildProcess | undefined;

describe.skipIf(prefix === undefined)("a live run without privileges", () => {
  afterEach(() => {
    child?.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(runtimes())("serves, enforces what it can, and says what it cannot (%s)", async (runtime) => {
    folder = mkdtempSync(join(tmpdir(), "headrace-unprivileged-"));
    chmodSync(folder, 0o777);
    writeFileSync(join(folder, "live.yaml"), scenario);
    const out = join(folder, "out");
    const [program, ...args] = [
      ...(prefix ?? []),
      process.execPath,
      "bin/headrace.js",
      "live",
      join(folder, "live.yaml"),
    ];
    const running = spawn(program, [...args, "--serve", "--json", "--runtime", runtime, "--out", out], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    child = running;
    let said = "";
    running.stderr.on("data", (chunk) => {
      said += chunk;
    });
    const portOf = (what: RegExp): number => Number(what.exec(said)?.[1] ?? 0);
    await until("the manager", () => portOf(/manager on http:\/\/127\.0\.0\.1:(\d+)/) > 0);
    const api = `http://127.0.0.1:${portOf(/manager on http:\/\/127\.0\.0\.1:(\d+)/)}`;
    const client = new StreamClient(portOf(/gateway on http:\/\/127\.0\.0\.1:(\d+)/));
    await until("service", () => client.echoedBytes > 50_000);
    const views = (await (await fetch(`${api}/streamlets`)).json()) as { pid: number }[];
    const rights = views.map(({ pid }) => /^Uid:\t(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
    expect(new Set(rights)).toEqual(new Set([String(isRoot ? NOBODY : process.getuid?.())]));
    const { sentBytes } = await client.finish();
    expect(client.echoedBytes).toBe(sentBytes);

    // Each limit is spoken of, by the words and by the API alike; none is said to hold that does not.
    const { limits } = (await (await fetch(`${api}/health`)).json()) as { limits: Record<string, string> };
    for (const kind of ["cpu", "memory", "pids", "network"]) {
      const [, by, rest] = new RegExp(`^limit ${kind}: (\\w+)(.*)$`, "m").exec(said) ?? [];
      expect(by, said).toBeDefined();
      expect(limits[kind]).toBe(rest.includes("DOES NOT HOLD") ? "none" : by);
      if (by === "none") expect(rest).toContain("not enforced");
    }
    // Without root nobody lets us have a control group; processes cannot be counted then.
    if (isRoot) expect(Object.values(limits).some((by) => by.startsWith("cgroup"))).toBe(false);
    if (isRoot) expect(limits.pids).toBe("none");

    const ended = new Promise<number | null>((resolve) => running.once("exit", resolve));
    running.kill("SIGTERM");
    expect(await ended).toBe(0);
    const text = readFileSync(join(out, "run.jsonl"), "utf8");
    let replayed = "";
    const sink = (line: string): void => {
      replayed += `${line}\n`;
    };
    replayRun(text.trimEnd().split("\n"), "run.jsonl", () => noUserModules, sink);
    expect(replayed === text).toBe(true);
  });
});
