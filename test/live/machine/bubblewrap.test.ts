import { spawnSync } from "node:child_process";
import { readlinkSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { MpegTsWriter } from "../../../src/live/formats/mpegts/writer.js";
import { noLimits } from "../../../src/live/limits/limits.js";
import { checkSandbox, signalOfExit } from "../../../src/live/machine/bubblewrap.js";
import { describeIsolation, probeIsolation } from "../../../src/live/machine/isolation.js";
import { HostBench, received, until } from "../live-bench.js";
import { alive, numbersInside } from "../process-tree.js";

const sandboxed = { connects: false, sandbox: "bubblewrap" } as const;
const isThere = spawnSync("bwrap", ["--unshare-pid", "--ro-bind", "/", "/", "--", "/bin/true"]).status === 0;
if (!isThere) console.log("skipped: bubblewrap, which does not run here (Debian: apt-get install bubblewrap)");

let bench: HostBench | undefined;
afterEach(async () => {
  await bench?.close();
  bench = undefined;
});

function benchOf(times = {}): HostBench {
  const formats = ["mpegts", "frames"];
  const isolation = sandboxed;
  return new HostBench("node", {}, times, undefined, {
    name: "x",
    runtime: "node",
    formats,
    limits: noLimits,
    isolation,
  });
}

describe.skipIf(!isThere)("a Node streamlet in bubblewrap", () => {
  it("carries streams in namespaces of its own, and is known by its number outside", async () => {
    bench = benchOf();
    await bench.launch(1);
    const bytes = new MpegTsWriter(1_000_000).take(500);
    const client = await bench.open(1, { stream: 1 });
    const answer = received(client);
    client.end(bytes);
    expect((await answer).equals(bytes)).toBe(true);
    expect(await bench.report(1)).toMatchObject({ detail: "client-done", units: 500 });
    const pid = bench.host.pidOf(1) as number;
    expect(numbersInside(pid).length).toBeGreaterThan(1);
    for (const space of ["pid", "net", "mnt", "ipc"])
      expect(readlinkSync(`/proc/${pid}/ns/${space}`)).not.toBe(readlinkSync(`/proc/self/ns/${space}`));
  });

  it("is found where it hangs, and its end is reported by its own signal", async () => {
    bench = benchOf({ beatMs: 50, hungAfterMs: 1000 });
    await bench.launch(1, 2);
    const [first, second] = [1, 2].map((id) => bench?.host.pidOf(id) as number);
    bench.host.hang(1);
    expect(await bench.end(1)).toMatchObject({ reason: "hung" });
    process.kill(second, "SIGKILL");
    expect(await bench.end(2)).toMatchObject({ reason: "crashed", detail: "SIGKILL" });
    await until("both to have ended", () => !alive(first) && !alive(second));
  });

  it("has the measures that its sandbox gives", () => {
    const isolation = probeIsolation("node", sandboxed);
    expect(isolation.holds).toEqual(expect.arrayContaining(["own-network", "own-mounts", "own-pids"]));
    expect(describeIsolation(isolation)).not.toContain("--sandbox");
    expect(probeIsolation("node", { ...sandboxed, connects: true }).holds).not.toContain("own-network");
  });
});

describe("--sandbox bubblewrap", () => {
  it("is refused for the C classes", () => {
    expect(() => checkSandbox("zygote")).toThrow(/--sandbox: .*class zygote/);
  });

  it("takes the exit code of a process that a signal ended for that signal", () => {
    expect([0, 1, 137, 159, null].map(signalOfExit)).toEqual([null, null, "SIGKILL", "SIGSYS", null]);
  });
});
