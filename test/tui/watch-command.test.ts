import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { FRAME_BUDGET_BYTES } from "../../src/tui/run/watch-session.js";
import { hasPty, Pty } from "./pty.js";

const headrace = fileURLToPath(new URL("../../bin/headrace.js", import.meta.url));
const scenario = join(mkdtempSync(join(tmpdir(), "headrace-tui-")), "world.yaml");
writeFileSync(
  scenario,
  `name: 小さな世界
seed: 5
duration: 12h
traffic: {source: sinusoid, rate: 1/s, amplitude: 0.9, period: 3h}
streams: {holding: {kind: exponential, mean: 1min}, patience: {kind: constant, value: 20s}}
fleet:
  streamlet: {slots: 4, spawn: {kind: constant, value: 30s}}
  max: 60
policies:
  - {kind: hpa, targetUtilisation: 0.7, min: 2}
  - {kind: square-root, min: 2}
slo: {startLatencyP99: 200ms, rejectedRatio: 0.001}
`,
);

if (!hasPty) console.warn("the terminal tests are skipped: they need python3 with its pty module");

let pty: Pty | undefined;
afterEach(() => pty?.close());

function watching(columns = 80, rows = 24, environment: NodeJS.ProcessEnv = {}): Pty {
  const command = [process.execPath, headrace, "simulate", scenario, "--watch"];
  pty = new Pty(columns, rows, command, environment);
  return pty;
}

const [SIGHUP, SIGTERM, SIGCONT] = [1, 15, 18];
const ENTERED = "\x1b[?1049h";
const LEFT = "\x1b[?1049l";

/** Nothing of the picture is left: the main screen, the cursor, and the lines that wrap. */
function expectRestored({ bytes, screen }: Pty): void {
  expect(bytes.split(ENTERED).length).toBe(bytes.split(LEFT).length);
  expect(bytes.lastIndexOf("\x1b[?25h")).toBeGreaterThan(bytes.lastIndexOf("\x1b[?25l"));
  expect(bytes.lastIndexOf("\x1b[?7h")).toBeGreaterThan(bytes.lastIndexOf("\x1b[?7l"));
  expect(screen.buffer.active.type).toBe("normal");
}

/** Bytes of each frame that was written. */
function frames({ bytes }: Pty): number[] {
  const whole = bytes.split("\x1b[?2026h").slice(1);
  return whole.map((frame) => frame.indexOf("\x1b[?2026l") + 16);
}

describe.skipIf(!hasPty)("simulate --watch on a terminal", () => {
  it("plays, pauses, goes faster, explains, and leaves a summary on the main screen", async () => {
    const run = watching();
    await run.until("the demand", (screen) => screen.includes("1 demand") && screen.includes("小さな世界"));
    run.keys(" ");
    await run.until("the pause", (screen) => screen.includes("‖ paused"));
    run.keys("]]]");
    run.keys(" ");
    await run.until("the end", (screen) => screen.includes("■ end"));
    expect(run.text()).toContain("violating minutes");
    run.keys("V");
    await run.until("a violation", (screen) => !screen.includes("100 %"));
    run.keys("y");
    await run.until("the reason", (screen) => screen.includes("because: "));
    run.keys("q");
    run.keys("q");
    expect(await run.exited).toBe(0);
    expectRestored(run);
    expect(run.text()).toMatch(/小さな世界, hpa, seed 5, seen to its end: [\d,]+ requests arrived/);
  }, 30_000);

  it("writes at most 8 kB a frame, and clears the screen only after a resize", async () => {
    const run = watching(200, 60);
    await run.until("the demand", (screen) => screen.includes("1 demand"));
    run.keys("]]");
    await run.until("half of it", (screen) => /▶.*[3-9]\d %/.test(screen));
    run.resize(80, 24);
    await run.until("the smaller picture", (screen) => /■ end/.test(screen));
    run.signal(SIGTERM);
    expect(await run.exited).toBe(130);
    const sizes = frames(run);
    expect(sizes.length).toBeGreaterThan(10);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(FRAME_BUDGET_BYTES);
    // One at the start with the alternate screen, one for the first frame, one for the resize.
    expect(run.bytes.split("\x1b[2J").length - 1).toBe(3);
    expectRestored(run);
  }, 30_000);

  it("gives the terminal back for Ctrl-Z, takes it again, restores it after Ctrl-C; without colour", async () => {
    const run = watching(80, 24, { NO_COLOR: "1" });
    await run.until("the demand", (screen) => screen.includes("1 demand") && screen.includes("6 decisions"));
    run.keys("\x1a");
    await run.until("the main screen", () => run.screen.buffer.active.type === "normal");
    run.signal(SIGCONT);
    await run.until("the picture", (screen) => screen.includes("1 demand"));
    run.keys("\x03");
    expect(await run.exited).toBe(130);
    expectRestored(run);
    const styles = run.bytes.split("\x1b[").map((piece) => /^([\d;]*)m/.exec(piece)?.[1] ?? "");
    expect(styles.filter((codes) => codes.split(";").some((code) => /^[34]\d$/.test(code)))).toEqual([]);
    expect(styles).toContain("0;1");
  }, 30_000);

  it("restores the terminal after a hang-up", async () => {
    const run = watching();
    await run.until("the demand", (screen) => screen.includes("1 demand"));
    run.signal(SIGHUP);
    expect(await run.exited).toBe(130);
    expectRestored(run);
  }, 30_000);
});
