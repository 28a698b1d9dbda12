import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { InputError } from "../base/errors.js";
import { packageVersion } from "../experiment/version.js";
import { QUEUE_PACKAGE, withPackage } from "../forecasting/optional-package.js";
import type { DoctorArguments } from "./doctor.js";
import { type MachinePart, machineParts } from "./machine-parts.js";
import { ExitCode } from "./outcome.js";

/**
 * `headrace doctor`: checks the machine's parts and what they enable; exit code 1 if a needed one
 * is missing.
 */
export async function examineMachine({ buildNative, redis, json, quiet }: DoctorArguments): Promise<void> {
  if (buildNative) buildNativeStreamlet(quiet || json);
  const parts = [...machineParts(), ...(redis === undefined ? [] : [await redisPart(redis)])];
  const wrong = parts.filter(({ state, need }) => state === "missing" && need === "needed");
  if (json) process.stdout.write(`${JSON.stringify({ version: packageVersion(), parts }, null, 2)}\n`);
  else process.stdout.write(linesOf(quiet ? wrong : parts, wrong.length, quiet));
  if (wrong.length > 0) process.exitCode = ExitCode.no;
}

function linesOf(parts: readonly MachinePart[], wrong: number, quiet: boolean): string {
  const blocks = parts.map(({ name, state, need, found, enables, remedy }) => {
    const mark = state === "works" ? "✓" : need === "needed" ? "✗" : "–";
    const cure = state === "works" || remedy === undefined ? "" : `\n    to get it: ${remedy}`;
    return `${mark} ${name}: ${found}\n    ${state === "works" ? "enables" : "would enable"} ${enables}${cure}\n`;
  });
  if (quiet) return blocks.join("");
  const end = wrong === 0 ? "Headrace runs here. Lines marked – are optional." : "Lines marked ✗ are needed.";
  return `headrace ${packageVersion()}\n\n${blocks.join("")}\n${end}\n`;
}

/** The build script ships with the package; its program is written beside the compiled code. */
function buildNativeStreamlet(quiet: boolean): void {
  const script = fileURLToPath(new URL("../../scripts/build-native.mjs", import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [script], { encoding: "utf8" });
  if (status !== 0) {
    throw new InputError({
      code: "HR1502",
      where: "--build-native",
      got: `a build that failed: ${stderr.trim().split("\n").slice(-3).join(" ").slice(0, 300)}`,
      expected: "a C compiler, and a package folder that can be written to",
      remedy: "Install a compiler (Debian: apt-get install gcc libc6-dev), or set CC",
    });
  }
  if (!quiet) process.stderr.write("built the C streamlet\n");
}

async function redisPart(address: string): Promise<MachinePart> {
  const load = () => import("../experiment/queue/redis-link.js");
  const { connectRedis, shownAddress } = await withPackage(QUEUE_PACKAGE, load);
  const base = { name: `Redis at ${shownAddress(address)}`, need: "optional", enables: "sweeps over a queue" } as const;
  try {
    const link = await connectRedis(address);
    link.disconnect();
    return { ...base, state: "works", found: "it answers" };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { ...base, state: "missing", found: error.fault.got, remedy: "Start it, or correct the address" };
  }
}
