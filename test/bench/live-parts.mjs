// Parts of the live bench: `headrace live --serve` as a user runs it, the CPU time of its
// processes from the kernel, the load generator.
import { fork, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const here = fileURLToPath(new URL(".", import.meta.url));
const PATIENCE_MS = 60_000;

export const HEADER = "HEADRACE/1 format=mpegts\n";

const scenario = (streamlets, slots) => `
name: live-bench
duration: 1h
traffic: {source: poisson, rate: 1/s, mix: [{region: here, format: mpegts, share: 1}]}
streams: {holding: {kind: exponential, mean: 1min}, patience: {kind: constant, value: 10s}}
fleet:
  regions: [{name: here}]
  streamlet: {slots: ${slots}, formats: [mpegts], spawn: {kind: constant, value: 50ms}}
  max: ${streamlets}
gateway: {waitingRoom: 100}
policies: [{kind: static, count: ${streamlets}}]
`;

export async function until(what, holds) {
  const deadlineMs = performance.now() + PATIENCE_MS;
  for (;;) {
    const value = await holds();
    if (value) return value;
    if (performance.now() > deadlineMs) throw new Error(`in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/**
 * Runs `use` with the file of a scenario with a static fleet; the file's folder is deleted
 * afterwards.
 */
export async function withScenario({ streamlets, slots }, use) {
  const folder = mkdtempSync(join(tmpdir(), "headrace-bench-"));
  const file = join(folder, "live.yaml");
  try {
    writeFileSync(file, scenario(streamlets, slots));
    return await use(file, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs `use` with a gateway, its manager and `streamlets` streamlets that are ready. */
export function withLive(what, use) {
  return withScenario(what, (file, folder) => serving(what, file, folder, use));
}

async function serving({ runtime, streamlets }, file, folder, use) {
  const args = ["live", file, "--serve", "--runtime", runtime, "--room", "2000", "--out", folder];
  const gateway = spawn(process.execPath, [join(root, "bin", "headrace.js"), ...args], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  gateway.stderr.on("data", (chunk) => {
    said += chunk;
  });
  try {
    const port = Number((await until("the gateway", () => /gateway on http:\/\/127\.0\.0\.1:(\d+)/.exec(said)))[1]);
    const api = Number((await until("the manager", () => /manager on http:\/\/127\.0\.0\.1:(\d+)/.exec(said)))[1]);
    const views = async () => (await fetch(`http://127.0.0.1:${api}/streamlets`)).json();
    await until("ready streamlets", async () => {
      const ready = (await views()).filter((view) => view.state === "ready");
      return ready.length === streamlets;
    });
    const pids = (await views()).map((view) => view.pid);
    let manager = parentOf(pids[0]);
    // C streamlets are forked by a zygote, which is the manager's.
    while (parentOf(manager) !== gateway.pid) manager = parentOf(manager);
    return await use({ port, gateway: [gateway.pid], manager: [manager], streamlets: pids });
  } finally {
    const gone = new Promise((resolve) => gateway.once("exit", resolve));
    gateway.kill("SIGTERM");
    const timer = setTimeout(() => gateway.kill("SIGKILL"), PATIENCE_MS);
    await gone;
    clearTimeout(timer);
  }
}

/** One job of live-load.mjs in a process of its own. */
export async function load(orders) {
  const child = fork(join(here, "live-load.mjs"), [], { execArgv: [], stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const answer = await new Promise((resolve, reject) => {
    child.once("message", resolve);
    child.once("exit", (code) => reject(new Error(`the load generator ended with ${code}`)));
    child.send(orders);
  });
  if (answer.failed !== undefined) throw new Error(answer.failed);
  return answer;
}

/** CPU milliseconds that the threads of these processes have run for. */
export function cpuMs(pids) {
  let sum = 0;
  for (const pid of pids) {
    for (const task of readdirSync(`/proc/${pid}/task`)) {
      sum += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, "utf8").split(" ")[0]) / 1e6;
    }
  }
  return sum;
}

function parentOf(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
}
