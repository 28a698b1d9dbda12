import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism, totalmem } from "node:os";
import { formatBytes, formatCount } from "../base/units.js";
import { QUEUE_PACKAGE } from "../forecasting/optional-package.js";
import { INSTALL_TENSORFLOW } from "../forecasting/tensorflow-backend.js";
import { readText } from "../live/limits/cgroup-files.js";
import { Limiter } from "../live/limits/limiter.js";
import { LIMIT_KINDS } from "../live/limits/limits.js";
import { openIsolation, probeIsolation } from "../live/machine/isolation.js";
import { nativeStreamlet } from "../live/machine/launch-command.js";

/**
 * One part of the machine. `needed`: Headrace does not run well without it; `optional`: something
 * that `enables` names does not work without it.
 */
export interface MachinePart {
  readonly name: string;
  readonly state: "works" | "missing";
  readonly need: "needed" | "optional";
  readonly found: string;
  readonly enables: string;
  /** What to do where it is missing. */
  readonly remedy?: string;
}

/** The oldest Node that runs Headrace. */
const LEAST_NODE = [20, 19] as const;
/** What live runs need at least; a thousand streamlets need 4096. */
const LEAST_OPEN_FILES = 256;
const GOOD_OPEN_FILES = 4096;
/** A program that does not answer within this time counts as missing. */
const PROGRAM_TIMEOUT_MS = 5000;

/** Checks everything that Headrace can use on this machine. Changes and keeps nothing. */
export function machineParts(version = process.versions.node): MachinePart[] {
  return [
    nodePart(version),
    coresPart(),
    openFilesPart(),
    packagePart("tsx", "policies and balancers in TypeScript", "npm install again"),
    limitsPart(),
    isolationPart(),
    compilerPart(),
    nativePart(),
    programPart("ffmpeg", ["-version"], "real MPEG-TS streams to serve and to test with", "apt-get install ffmpeg"),
    browserPart(),
    programPart(
      "redis-server",
      ["--version"],
      "sweeps over a queue of your own (any Redis will do)",
      "apt-get install redis-server",
    ),
    tensorflowPart(),
    packagePart(
      "@tensorflow/tfjs-node",
      "the LSTM on libtensorflow (no faster: see docs/forecasting.md)",
      "npm install @tensorflow/tfjs-node",
    ),
    packagePart("bullmq", "sweeps over a queue on Redis, on many machines", QUEUE_PACKAGE.remedy),
    packagePart(
      "date-holidays",
      "public holidays in forecasts: headrace forecast --holidays DE",
      "npm install date-holidays",
    ),
  ];
}

function nodePart(version: string): MachinePart {
  const [major, minor] = version.split(".").map(Number);
  const isOld = major < LEAST_NODE[0] || (major === LEAST_NODE[0] && minor < LEAST_NODE[1]);
  return {
    name: "Node",
    need: "needed",
    state: isOld ? "missing" : "works",
    found: version,
    enables: "everything",
    remedy: `Install Node ${LEAST_NODE.join(".")} or newer`,
  };
}

function coresPart(): MachinePart {
  const limit = process.constrainedMemory?.() ?? 0;
  const memory = limit > 0 && limit < totalmem() ? limit : totalmem();
  return {
    name: "cores and memory",
    need: "needed",
    state: "works",
    found: `${availableParallelism()} cores, ${formatBytes(memory)}`,
    enables: "replications side by side, one thread per core",
  };
}

function openFilesPart(): MachinePart {
  const limit = /^Max open files\s+(\d+|unlimited)/m.exec(readText("/proc/self/limits"))?.[1];
  const count = limit === undefined || limit === "unlimited" ? Number.POSITIVE_INFINITY : Number(limit);
  return {
    name: "open files",
    need: count < LEAST_OPEN_FILES ? "needed" : "optional",
    state: count < GOOD_OPEN_FILES ? "missing" : "works",
    found: Number.isFinite(count) ? `at most ${formatCount(count)}` : "no limit",
    enables: "live runs with a thousand streamlets",
    remedy: `ulimit -n ${GOOD_OPEN_FILES}`,
  };
}

/** For each limit of a streamlet the best method that this machine allows. */
function limitsPart(): MachinePart {
  const limiter = new Limiter();
  limiter.close();
  const { enforced } = limiter;
  const isWeak = LIMIT_KINDS.some((kind) => enforced[kind] === "none" || enforced[kind] === "userspace");
  return {
    name: "limits of streamlets",
    need: "optional",
    state: isWeak ? "missing" : "works",
    found: LIMIT_KINDS.map((kind) => `${kind} by ${enforced[kind]}`).join(", "),
    enables: "caps on CPU, memory, processes and bandwidth that the kernel holds in live runs",
    remedy: "Run where a control group can be written to: as root, or under systemd-run --user --scope",
  };
}

function isolationPart(): MachinePart {
  const { holds, missing } = probeIsolation(existsSync(nativeStreamlet()) ? "native" : "node", openIsolation);
  const not = Array.from(missing.keys());
  return {
    name: "isolation of streamlets",
    need: "optional",
    state: holds.includes("seccomp") || holds.includes("landlock") ? "works" : "missing",
    found: `${holds.join(", ") || "none"}${not.length === 0 ? "" : ` (not: ${not.join(", ")})`}`,
    enables: "streamlets that cannot reach files, processes or system calls that they do not need",
    remedy: "headrace doctor --build-native; a kernel with seccomp and Landlock (5.13 or newer)",
  };
}

function compilerPart(): MachinePart {
  const name = process.env.CC ?? "cc";
  return {
    ...programPart(name, ["--version"], "building the C streamlet", "apt-get install gcc libc6-dev"),
    name: "C compiler",
  };
}

function nativePart(): MachinePart {
  const isBuilt = existsSync(nativeStreamlet());
  return {
    name: "C streamlet",
    need: "optional",
    state: isBuilt ? "works" : "missing",
    found: isBuilt ? nativeStreamlet() : "not built",
    enables: "streamlets that are ready in milliseconds: headrace live --runtime native",
    remedy: "headrace doctor --build-native",
  };
}

function programPart(name: string, words: readonly string[], enables: string, remedy: string): MachinePart {
  const { status, stdout } = spawnSync(name, words, { encoding: "utf8", timeout: PROGRAM_TIMEOUT_MS });
  const works = status === 0;
  const found = works ? versionIn(stdout.split("\n")[0]) : "not found";
  return { name, need: "optional", state: works ? "works" : "missing", found, enables, remedy };
}

/** A program's line up to its version: the rest of it names builders and years. */
function versionIn(line: string): string {
  const upTo = /^.*?\d+(\.\d+)+\S*/.exec(line);
  return (upTo === null ? line : upTo[0]).slice(0, 60);
}

function browserPart(): MachinePart {
  const names = ["chromium", "chromium-browser", "google-chrome"];
  const parts = names.map((name) =>
    programPart(name, ["--version"], "pictures of reports, and PDF", "apt-get install chromium"),
  );
  return { ...(parts.find(({ state }) => state === "works") ?? parts[0]), name: "Chromium" };
}

function tensorflowPart(): MachinePart {
  return {
    ...packagePart("@tensorflow/tfjs-core", "training the LSTM forecaster (WebAssembly)", INSTALL_TENSORFLOW),
    name: "TensorFlow.js",
  };
}

function packagePart(name: string, enables: string, remedy: string): MachinePart {
  let found: string | undefined;
  try {
    createRequire(import.meta.url).resolve(name);
    found = "installed";
  } catch {
    found = undefined;
  }
  const state = found === undefined ? "missing" : "works";
  return { name, need: "optional", state, found: found ?? "not installed", enables, remedy };
}
