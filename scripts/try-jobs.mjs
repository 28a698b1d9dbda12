// `npm run jobs [NUMBER…]`: the seven jobs that users come with, done as a new user would, each
// timed and asserted.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "headrace-jobs-"));
const ship = (path) => join(root, path);

function headrace(args, code = 0) {
  const { status, stdout, stderr } = spawnSync("node", [ship("bin/headrace.js"), ...args], {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 64_000_000,
  });
  assert.equal(status, code, `headrace ${args.join(" ")}\n${stdout.slice(-1500)}${stderr.slice(-1500)}`);
  return stdout;
}

const jobs = [
  [
    "my nginx logs and my HPA",
    () => {
      headrace([
        "init",
        "mine.yaml",
        "--log",
        ship("traces/sample-access.txt"),
        "--hpa",
        ship("scenarios/manifests/hpa.yaml"),
      ]);
      assert.match(headrace(["simulate", "mine.yaml"]), /predictive against hpa: /);
    },
  ],
  [
    "how many hosts next quarter",
    () => {
      const text = headrace([
        "plan",
        ship("scenarios/plan-evening.yaml"),
        "--growth",
        "20%/quarter",
        "--until",
        "2027-03",
        "--out",
        "plan",
      ]);
      assert.match(text, /month/);
      assert.ok(existsSync(join(folder, "plan/index.html")));
    },
  ],
  [
    "which policy, and which setting",
    () => {
      const scenario = ship("scenarios/examples/live-sports-evening.yaml");
      const text = headrace([
        "simulate",
        scenario,
        "--policy",
        "hpa",
        "--policy",
        "predictive",
        "--replications",
        "2",
        "--frontier",
        "--out",
        "frontier",
      ]);
      assert.match(text, /Cost at \S+ % violating minutes\n.*\n.*\nhpa +targetUtilisation/);
    },
  ],
  [
    "my TypeScript policy, gated",
    () => {
      cpSync(ship("scenarios/own/my-policy.ts"), join(folder, "my-policy.ts"));
      const scenario = readFileSync(ship("scenarios/own-policy.yaml"), "utf8");
      const small = scenario
        .replaceAll("./own/my-policy.ts", "./my-policy.ts")
        .replaceAll("./own/my-balancer.ts", "packing");
      writeFileSync(join(folder, "own.yaml"), small.replaceAll("../", `${root}/`));
      headrace(["check", "--init", "own.yaml", "gate.yaml"]);
      headrace(["check", "gate.yaml"]);
      const worse = readFileSync(join(folder, "my-policy.ts"), "utf8").replace("(1 + spare)", "(1 + 3 * spare)");
      writeFileSync(join(folder, "my-policy.ts"), worse);
      headrace(["check", "gate.yaml"], 1);
    },
  ],
  [
    "what happened at 19:42",
    () => {
      const text = headrace(["simulate", ship("scenarios/examples/live-sports-evening.yaml"), "--explain", "19:42"]);
      assert.match(text, /^at 2026-03-05T19:42:00 UTC/);
      assert.match(text, /predictive · pool default: \d+ wanted/);
    },
  ],
  ["serve three ffmpeg streams, watch, kill one", serveThree],
  [
    "send the result to a manager",
    () => {
      headrace([
        "simulate",
        ship("scenarios/examples/news-flash-crowd.yaml"),
        "--replications",
        "2",
        "--duration",
        "3h",
        "--quiet",
        "--out",
        "news",
      ]);
      const page = join(folder, "news/index.html");
      assert.ok(statSync(page).size < 3_000_000, "one file of less than 3 MB");
      assert.doesNotMatch(
        readFileSync(page, "utf8"),
        /<(?:script|img|link)[^>]* (?:src|href)="(?!data:|#)/,
        "nothing is loaded",
      );
    },
  ],
];

async function serveThree() {
  if (spawnSync("ffmpeg", ["-version"]).status !== 0) return "skipped: there is no ffmpeg";
  const traffic = "traffic: {source: poisson, rate: 1/s, mix: [{region: default, format: mpegts, share: 1}]}";
  const fleet = "fleet: {streamlet: {slots: 1, formats: [mpegts], spawn: 30ms}, max: 8}";
  const rest = "streams: {holding: 1min, patience: 10s}\npolicies: [{kind: on-demand, min: 1}]";
  writeFileSync(join(folder, "serve.yaml"), `name: serve\nduration: 1h\n${traffic}\n${fleet}\n${rest}\n`);
  const live = spawn("node", [ship("bin/headrace.js"), "live", "serve.yaml", "--serve", "--out", "serve"], {
    cwd: folder,
  });
  let wrote = "";
  for (const stream of [live.stdout, live.stderr]) stream.setEncoding("utf8").on("data", (chunk) => (wrote += chunk));
  const ended = new Promise((resolve) => live.on("close", resolve));
  try {
    for (let i = 0; i < 240 && !/gateway on/.test(wrote); i++) await pause(250);
    const address = /gateway on (http:\S+)/.exec(wrote)?.[1];
    assert.ok(address, wrote);
    const source = ["-loglevel", "error", "-re", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25", "-t", "6"];
    const target = ["-c:v", "mpeg2video", "-f", "mpegts", "-method", "PUT", `${address}?format=mpegts&forward=nowhere`];
    const senders = [1, 2, 3].map(() => {
      const sender = spawn("ffmpeg", [...source, ...target], { stdio: "ignore" });
      return new Promise((resolve) => sender.on("close", resolve));
    });
    await pause(3000);
    const metrics = await (await fetch(address.replace(/\/stream$/, "/metrics"))).text();
    assert.match(metrics, /headrace_requests_total/);
    const children = (pid) =>
      spawnSync("pgrep", ["-P", String(pid)], { encoding: "utf8" })
        .stdout.trim()
        .split("\n");
    process.kill(Number(children(children(live.pid)[0]).at(-1)), "SIGKILL");
    const codes = await Promise.all(senders);
    assert.equal(codes.filter((code) => code === 0).length, 2, `ffmpeg ended with ${codes}`);
  } finally {
    live.kill("SIGINT");
    await ended;
  }
  assert.match(wrote, /streamlets ended: .*1 crashed; streams lost: 1 crashed/);
  return undefined;
}

const wanted = process.argv.slice(2).map(Number);
let failed = 0;
for (const [i, [name, work]] of jobs.entries()) {
  if (wanted.length > 0 && !wanted.includes(i + 1)) continue;
  const began = performance.now();
  let note = "";
  try {
    note = (await work()) ?? "";
  } catch (error) {
    failed++;
    note = `FAILED: ${error.message}`;
  }
  process.stdout.write(`${i + 1}. ${name}: ${((performance.now() - began) / 1000).toFixed(1)} s ${note}\n`);
}
rmSync(folder, { recursive: true, force: true });
process.exitCode = failed > 0 ? 1 : 0;
