import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { hasPty, Pty } from "./pty.js";

const headrace = fileURLToPath(new URL("../../bin/headrace.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "headrace-live-tui-"));
const token = join(folder, "token");
const scenario = join(folder, "live.yaml");
writeFileSync(token, "0123456789abcdef0123456789abcdef\n", { mode: 0o600 });
writeFileSync(
  scenario,
  `name: watched
seed: 5
duration: 2min
traffic: {source: poisson, rate: 4/s, mix: [{format: mpegts, share: 1}]}
streams: {holding: {kind: constant, value: 1min}, patience: {kind: constant, value: 5s}}
fleet: {streamlet: {slots: 4, spawn: {kind: constant, value: 25ms}}, max: 8}
policies: [{kind: static, count: 2}]
`,
);
if (!hasPty) console.warn("the live terminal test is skipped: it needs python3 with its pty module");

const open: Pty[] = [];
afterEach(() => {
  for (const pty of open) pty.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

function onTerminal(...args: readonly string[]): Pty {
  const pty = new Pty(100, 30, [process.execPath, headrace, ...args]);
  open.push(pty);
  return pty;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** The number of the streamlet that the screen says is pointed at. */
const pointedAt = (screen: string): string | undefined => /streamlet (\d+) of default: /.exec(screen)?.[1];

/**
 * Selects a streamlet, asks for its end by a key, and confirms. Waits until two are ready with
 * all slots in use: a streamlet without a stream ends at once, drained or not.
 */
async function endOne(pty: Pty, pointing: "j" | "k", key: "x" | "X", question: RegExp): Promise<void> {
  await pty.until("slots that are all in use", (screen) => /default +mpegts +2 +2 +100%/.test(screen));
  pty.keys(pointing);
  await pty.until("what is pointed at", (screen) => pointedAt(screen) !== undefined);
  pty.keys(key);
  await pty.until("the question", (screen) => question.test(screen));
  pty.keys("y");
}

describe.skipIf(!hasPty)("a live run on a terminal", () => {
  it("is watched by its own process and from elsewhere; both drain and terminate after a question", async () => {
    const port = await freePort();
    const served = ["--port", String(port), "--token-file", token, "--out", join(folder, "out")];
    const own = onTerminal("live", scenario, "--watch", ...served);
    await own.until("ready slots", (screen) => / ready 8 /.test(screen));
    await endOne(own, "j", "x", /Drain streamlet \d+\? y = yes/);
    await own.until("the drain", (screen) => screen.includes("the control plane was asked"));
    await own.until("its slots that drain", (screen) => / draining 4 /.test(screen));

    const other = onTerminal("watch", `http://127.0.0.1:${port}`, "--token-file", token);
    await other.until("the run", (screen) => screen.includes("watched") && screen.includes("▶ live"));
    await endOne(other, "k", "X", /Terminate, and cut the streams of, streamlet \d+\? y = yes/);
    await other.until("the answer", (screen) => screen.includes("the manager was asked"));
    await other.until("its streams", (screen) => /\d interrupted: /.test(screen));
    other.keys("q");
    expect(await other.exited).toBe(0);
    expect(other.text()).toMatch(/watched, static, seed 5, seen until/);
    expect(other.screen.buffer.active.type).toBe("normal");

    own.keys("q");
    await own.until("that it goes on", (screen) => screen.includes("the run goes on, Ctrl-C ends it"));
    own.keys("\x03");
    expect(await own.exited).toBe(0);
    expect(own.screen.buffer.active.type).toBe("normal");
  }, 60_000);
});
