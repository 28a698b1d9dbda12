// A compromised streamlet tries what it can. In the C classes the kernel kills it at the first
// call that no streamlet makes; a Node one is killed, too, or finds nothing to read.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { noLimits } from "../../src/live/limits/limits.js";
import { nodePrefix, probeIsolation, requireIsolation } from "../../src/live/machine/isolation.js";
import type { Runtime } from "../../src/live/machine/launch-command.js";
import type { Hog } from "../../src/live/wire/messages.js";
import { HostBench, otherStreamlet, runtimes } from "../live/live-bench.js";

const closed = { connects: false };
const hostile = runtimes().includes("native") ? otherStreamlet("hostile") : undefined;
const filtered = hostile !== undefined && probeIsolation("native", closed).holds.includes("seccomp");
if (!filtered) console.warn("skipped: compromised streamlets, since there is no filter of system calls here");

let bench: HostBench | undefined;
afterEach(async () => {
  await bench?.close();
  bench = undefined;
  vi.unstubAllEnvs();
});

function benchOf(runtime: Runtime): HostBench {
  vi.stubEnv("HEADRACE_STREAMLET", hostile);
  const formats = ["mpegts", "frames"];
  return new HostBench(runtime, {}, {}, undefined, {
    name: "test",
    runtime,
    formats,
    limits: noLimits,
    isolation: closed,
  });
}

describe.runIf(filtered).each(["native", "zygote"] as const)("a compromised C streamlet (%s)", (runtime) => {
  it.each(["open", "connect", "unix", "ptrace", "fork", "exec", "kill", "setuid", "code", "dumpable"])(
    "is ended when it tries to do this, and that is reported: %s",
    async (what) => {
      bench = benchOf(runtime);
      await bench.launch(1, 2);
      bench.host.hog(1, what as Hog);
      const { reason, detail } = await bench.end(1);
      expect(reason).toBe("crashed");
      expect(detail).toMatch(/^SIGSYS: a system call that no streamlet makes/);
      expect(bench.stopped).toHaveLength(1);
    },
  );
});

describe.runIf(filtered)("a compromised Node streamlet", () => {
  const run = (code: string): { signal: string | null; out: string } => {
    const [file, ...rest] = [...nodePrefix(closed), process.execPath, "-e", code];
    const { signal, stdout } = spawnSync(file, rest, { env: { PATH: process.env.PATH ?? "" } });
    return { signal, out: String(stdout) };
  };

  it.each([
    ["starts a process", `require("child_process").spawnSync("/bin/true"); console.log("done")`],
    ["signals the manager", `process.kill(process.ppid, 0); console.log("done")`],
    ["opens a connection", `require("net").connect(80, "127.0.0.1").on("error", () => console.log("done"))`],
  ])("is ended when it %s", (_, code) => {
    expect(run(code)).toEqual({ signal: "SIGSYS", out: "" });
  });

  it("finds no file but those that Node and it are made of, and writes none", () => {
    if (!probeIsolation("node", closed).holds.includes("landlock")) {
      console.log("not checked: files out of reach, since this kernel has no Landlock");
      return;
    }
    const secret = join(tmpdir(), `headrace-secret-${process.pid}`);
    writeFileSync(secret, "secret");
    const attempts = [
      `fs.readFileSync(${JSON.stringify(secret)})`,
      `fs.readFileSync("/etc/passwd")`,
      `fs.writeFileSync(${JSON.stringify(secret)}, "")`,
      `fs.rmSync(${JSON.stringify(secret)})`,
      `fs.readFileSync("/proc/" + process.ppid + "/environ")`,
    ];
    const code = attempts.map((one) => `try { ${one}; console.log("done") } catch (error) { console.log(error.code) }`);
    const { signal, out } = run(`const fs = require("fs"); ${code.join(";")}`);
    expect(signal).toBe(null);
    expect(out.trim().split("\n")).toEqual(attempts.map(() => "EACCES"));
  });
});

describe("--require-isolation", () => {
  it.each(runtimes())("starts where all holds (%s)", (runtime) => {
    expect(() => requireIsolation(probeIsolation(runtime, closed), closed)).not.toThrow();
  });

  it("refuses where something does not hold, and says what and what to do", () => {
    const isolation = {
      runtime: "zygote",
      holds: ["seccomp"],
      missing: new Map([["no-new-privs", "a reason"]]),
    } as const;
    expect(() => requireIsolation(isolation, closed)).toThrow(/no-new-privs \(a reason\)/);
    const asUser = { ...closed, user: { uid: 65_534, gid: 65_534 } };
    const without = { ...probeIsolation("node", closed), holds: ["no-new-privs", "no-capabilities"] };
    expect(() => requireIsolation(without, asUser)).toThrow(/own-user/);
  });
});
