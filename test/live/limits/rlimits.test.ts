import { readFileSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { noLimits } from "../../../src/live/limits/limits.js";
import { Rlimits } from "../../../src/live/limits/rlimits.js";
import { HostBench, runtimes } from "../live-bench.js";

const MEMORY_BYTES = 64 * 1024 * 1024;
const wanted = new Set(["memory"] as const);
const works = new Rlimits(wanted, "native").enforces.has("memory");
if (!works) console.log("not checked: rlimits, since there is no prlimit (util-linux) here");
let bench: HostBench | undefined;

const addressSpaceOf = (pid: number | undefined): string =>
  /^Max address space +(\S+)/m.exec(readFileSync(`/proc/${pid}/limits`, "utf8"))?.[1] ?? "";

describe("rlimits", () => {
  afterEach(async () => {
    await bench?.close();
    bench = undefined;
  });

  it("limit the C class only: Node reserves address space that it never uses", () => {
    expect(new Rlimits(wanted, "node").enforces.size).toBe(0);
    expect(new Rlimits(new Set(["cpu", "pids", "network"]), "native").enforces.size).toBe(0);
    if (!works) return;
    const rlimits = new Rlimits(wanted, "native");
    expect(rlimits.prefix({ ...noLimits, memoryBytes: MEMORY_BYTES + 0.5 }, "native")).toEqual([
      "prlimit",
      `--as=${MEMORY_BYTES}`,
    ]);
    expect(rlimits.prefix(noLimits, "native")).toEqual([]);
    // A fleet of both classes: what is below its least would abort a Node process at its start.
    expect(rlimits.prefix({ ...noLimits, memoryBytes: MEMORY_BYTES }, "node")).toEqual([]);
  });

  it.each(runtimes().filter((runtime) => works && runtime !== "node"))(
    "are taken along by a streamlet, and end one that takes more (%s)",
    async (runtime) => {
      bench = new HostBench(runtime, { memoryBytes: MEMORY_BYTES }, {}, ["rlimit"]);
      expect(bench.limiter.enforced).toMatchObject({ memory: "rlimit", cpu: "none", pids: "none" });
      await bench.launch(1, 2);
      expect(addressSpaceOf(bench.host.pidOf(1))).toBe(String(MEMORY_BYTES));
      bench.host.hog(1, "memory");
      expect(await bench.end(1)).toMatchObject({ reason: "out-of-memory", detail: "exit code 71" });
      expect(bench.host.views().map((view) => view.id)).toEqual([2]);
    },
  );
});
