// Live mode on this machine: real gateway, manager, streamlets and load generator, each a process
// of its own.
import { fork, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { Bench } from "../../dist/live/calibrate/bench.js";
import { nativeStreamlet } from "../../dist/live/machine/launch-command.js";
import { cpuMs, HEADER, load, withLive } from "./live-parts.mjs";
import { outline, warmAssigns } from "./live-warm.mjs";
import { median } from "./measure.mjs";

/** After some that only make Node compile what they need, as for the assignments. */
const SPAWNS = 100;
const SPAWN_WARMUPS = 50;
const LATENCY_ROUNDS = { rounds: 500, warmups: 200 };
/** Node has compiled what it needs for a stream after some thousand of them. */
const AT_WORK = { rounds: 1000, warmups: 2000 };
const PUMP_ROUNDS = 5;
const PUMP_MS = 1500;
/**
 * Streams of 1 Mbit/s each for this long, after a ramp. The gateway's cost is fixed per stream;
 * the streamlet's grows by the second.
 */
const HOLD_MS = 60_000;
const RAMP_MS = 5000;
const WARM_UP_MS = 5000;
const MBIT = 1_000_000;
const here = fileURLToPath(new URL(".", import.meta.url));
const noNative = "no C compiler on this machine: apt-get install gcc libc6-dev";

function quantile(values, q) {
  return values.slice().sort((a, b) => a - b)[Math.floor(values.length * q)];
}

const spread = (values) => `p10 ${quantile(values, 0.1).toFixed(3)}, p99 ${quantile(values, 0.99).toFixed(2)} ms`;

/**
 * Node's own hand-over of a socket to a child until its first byte, ms each: the least time of an
 * assignment by `child.send`.
 */
async function handOvers() {
  const bench = new Bench("node", ["mpegts"], new AbortController().signal);
  const tookMs = [];
  try {
    const { ids } = await bench.launch(1);
    const { rounds, warmups } = LATENCY_ROUNDS;
    for (let stream = 1; stream <= rounds + warmups; stream++) {
      const { client, handedMs } = await bench.stream(ids[0], { ...outline, stream, head: "" });
      if (stream > warmups) tookMs.push(handedMs);
      client.destroy();
      await bench.pause(2);
    }
  } finally {
    await bench.close();
  }
  return tookMs;
}

async function warmAssignRows(runtime) {
  const assign = {
    key: `live.warmAssignMs.${runtime}`,
    what: `Warm assign: request in the control plane → its streamlet has the stream, p50 (${runtime})`,
  };
  const answer = {
    key: `live.warmAnswerMs.${runtime}`,
    what: `The same until its streamlet's first byte is at the client, p50 (${runtime})`,
  };
  if (runtime === "native" && !existsSync(nativeStreamlet()))
    return [assign, answer].map((row) => ({ ...row, absent: noNative }));
  const alone = median(await handOvers());
  const { assignMs, answerMs } = await warmAssigns(runtime, AT_WORK.rounds, AT_WORK.warmups);
  return [
    {
      ...assign,
      value: median(assignMs),
      unit: "ms",
      atMost: 0.3,
      detail: `decision, log and hand-over, after ${AT_WORK.warmups} streams; ${spread(assignMs)}`,
    },
    {
      ...answer,
      value: median(answerMs),
      unit: "ms",
      detail: `${spread(answerMs)}; Node's own hand-over to a child, and nothing else: ${alone.toFixed(2)} ms`,
    },
  ];
}

async function firstByteRow(runtime, echoPort) {
  const row = {
    key: `live.firstByteMs.${runtime}`,
    what: `Connect → first byte of a warm streamlet, p50 (${runtime})`,
  };
  if (runtime === "native" && !existsSync(nativeStreamlet())) return { ...row, absent: noNative };
  return withLive({ runtime, streamlets: 1, slots: 64 }, async ({ port }) => {
    const plain = await load({ job: "latencies", port: echoPort, header: HEADER, ...AT_WORK });
    const live = await load({ job: "latencies", port, header: HEADER, ...AT_WORK });
    const [ours, echo] = [live, plain].map(({ assignMs }) => median(assignMs).toFixed(2));
    const header = `header → first byte ${ours} ms (an echo ${echo})`;
    return {
      ...row,
      value: median(live.connectMs),
      unit: "ms",
      atMost: 1.5,
      detail:
        `${spread(live.connectMs)}; a server that only echoes: ` +
        `${median(plain.connectMs).toFixed(2)} ms; ${header}`,
    };
  });
}

async function spawnRow(runtime, row, atMost) {
  if (!existsSync(nativeStreamlet())) return { ...row, absent: noNative };
  const bench = new Bench(runtime, ["mpegts"], new AbortController().signal);
  const [tookMs, forkMs] = [[], []];
  try {
    await bench.prepare();
    for (let i = 0; i < SPAWN_WARMUPS + SPAWNS; i++) {
      const { ids, readyMs, callMs } = await bench.launch(1);
      await bench.stop(ids[0]);
      if (i < SPAWN_WARMUPS) continue;
      tookMs.push(readyMs[0]);
      forkMs.push(callMs);
    }
  } finally {
    await bench.close();
  }
  return {
    ...row,
    value: median(tookMs),
    unit: "ms",
    atMost,
    detail:
      `${SPAWNS} one by one, after ${SPAWN_WARMUPS}; ${spread(tookMs)}; ` +
      `of which the manager is blocked ${median(forkMs).toFixed(2)} ms`,
  };
}

/** Alternates with the reference server; the ratio is the median of the rounds' ratios. */
async function throughputRow(runtime, echoPort) {
  const row = {
    key: `live.handoffThroughput.${runtime}`,
    what: `Echo through a handed-off socket ÷ direct (${runtime})`,
  };
  if (runtime === "native" && !existsSync(nativeStreamlet())) return { ...row, absent: noNative };
  return withLive({ runtime, streamlets: 1, slots: 8 }, async ({ port }) => {
    const rounds = [];
    for (let round = 0; round < PUMP_ROUNDS; round++) {
      const direct = await load({ job: "pump", port: echoPort, header: "", forMs: PUMP_MS });
      const handed = await load({ job: "pump", port, header: HEADER, forMs: PUMP_MS });
      rounds.push({ direct: direct.bitsPerSecond, handed: handed.bitsPerSecond });
    }
    const gigabits = (of) => (median(rounds.map((round) => round[of])) / 1e9).toFixed(2);
    return {
      ...row,
      value: median(rounds.map((round) => round.handed / round.direct)),
      unit: "×",
      atLeast: 0.5,
      detail: `${gigabits("handed")} (each packet checked) against ${gigabits("direct")} Gbit/s (unchecked)`,
    };
  });
}

/** Many streams at once: do they hold, and what does the gateway cost meanwhile? */
async function holdRows(runtime, streams, streamlets) {
  const key = `live.streams.${runtime}`;
  const what = `${streams} streams of 1 Mbit/s at once on ${runtime} streamlets: not whole`;
  const share = {
    key: `live.gatewayShare.${runtime}`,
    what: `CPU of the gateway ÷ of the streamlets, hand-off path (${runtime})`,
  };
  if (runtime === "native" && !existsSync(nativeStreamlet()))
    return [key, share.key].map((one) => ({ key: one, what: one === key ? what : share.what, absent: noNative }));
  const slots = Math.ceil(streams / streamlets);
  return withLive({ runtime, streamlets, slots }, async ({ port, gateway, manager, streamlets: pids }) => {
    const orders = { job: "hold", port, header: HEADER, streams, bitsPerSecond: MBIT, rampMs: RAMP_MS };
    // A fresh gateway is still compiling, and collecting the garbage of its start.
    await load({ ...orders, forMs: WARM_UP_MS });
    const before = [gateway, manager, pids].map(cpuMs);
    const ends = await load({ ...orders, forMs: HOLD_MS });
    const [gatewayMs, managerMs, streamletsMs] = [gateway, manager, pids].map((of, i) => cpuMs(of) - before[i]);
    const seconds = (ms) => (ms / 1000).toFixed(2);
    return [
      {
        key,
        what,
        value: streams - ends.whole,
        unit: "streams",
        atMost: 0,
        detail:
          `${HOLD_MS / 1000} s each, every byte compared: ${ends.whole} whole, ${ends.cut} cut, ${ends.wrong} ` +
          `wrong, ${ends.refused} refused; load generator on the same ${availableParallelism()} cores`,
      },
      {
        ...share,
        value: gatewayMs / streamletsMs,
        unit: "",
        atMost: 0.05,
        detail:
          `CPU seconds: gateway ${seconds(gatewayMs)}, manager ${seconds(managerMs)}, ` +
          `${streamlets} streamlets ${seconds(streamletsMs)}, over streams of ${HOLD_MS / 1000} ` +
          `s; ${(gatewayMs / streams).toFixed(1)} ms of the gateway's a stream`,
      },
    ];
  });
}

function echoServer() {
  const child = fork(`${here}echo-server.mjs`, [], { execArgv: [], stdio: ["ignore", "inherit", "inherit", "ipc"] });
  return new Promise((resolve) => child.once("message", (port) => resolve({ port, close: () => child.disconnect() })));
}

export async function run() {
  spawnSync(process.execPath, [`${here}../../scripts/build-native.mjs`, "--if-possible"], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const echo = await echoServer();
  try {
    return [
      ...(await warmAssignRows("node")),
      ...(await warmAssignRows("native")),
      await firstByteRow("node", echo.port),
      await firstByteRow("native", echo.port),
      await spawnRow(
        "native",
        { key: "live.nativeSpawnMs", what: "Request → ready of a C streamlet that is started anew, p50" },
        3,
      ),
      await spawnRow("zygote", { key: "live.zygoteForkMs", what: "Request → ready from the zygote, p50" }, 0.6),
      await throughputRow("node", echo.port),
      await throughputRow("native", echo.port),
      ...(await holdRows("node", 150, 10)),
      ...(await holdRows("native", 400, 25)),
    ];
  } finally {
    echo.close();
  }
}
