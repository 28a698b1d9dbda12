import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { alive, childrenOf } from "../live/process-tree.js";
import { folderPerTest } from "./folder-per-test.js";
import { Folder, quickScenario, run, start } from "./real-command.js";

const folder = folderPerTest();

describe("Ctrl-C half-way", () => {
  it.each(["SIGINT", "SIGTERM"] as const)(
    "ends a run by %s with 130, in words, with nothing half-written and nobody left behind",
    async (signal) => {
      // Hours of work, so that the signal always comes half-way.
      const long = quickScenario({
        "20min": "3000h",
        "rate: 1/s": "rate: 20/s",
        "max: 50": "max: 500",
        "count: 10": "count: 200",
      });
      folder.write("s.yaml", long);
      const { child, ended } = start(
        ["simulate", "s.yaml", "--replications", "4", "--out", "report", "--stats", "stats.json"],
        folder.path,
      );
      await new Promise<void>((resolve) => {
        child.stderr?.on("data", (text: string) => {
          if (text.includes("replications")) setImmediate(resolve);
        });
      });
      const before = childrenOf(child.pid);
      child.kill(signal);
      const { code, stdout, stderr } = await ended;
      expect(stderr).toMatch(/interrupted: nothing was written\n$/);
      expect(stderr).not.toMatch(/^\s+at /m);
      expect(stdout).toBe("");
      expect(code).toBe(130);
      expect(folder.list()).toEqual(["s.yaml"]);
      expect(before.filter(alive)).toEqual([]);
    },
  );

  it("leaves a former report as it was", async () => {
    const fresh = new Folder({ "s.yaml": quickScenario() });
    expect((await run(["simulate", "s.yaml", "--out", "report", "--quiet"], fresh.path)).code).toBe(0);
    const before = readFileSync(join(fresh.path, "report/result.json"), "utf8");
    fresh.write("s.yaml", quickScenario({ "20min": "3000h", "rate: 1/s": "rate: 20/s" }));
    const { child, ended } = start(["simulate", "s.yaml", "--out", "report"], fresh.path);
    child.stderr?.on("data", (text: string) => {
      if (text.includes("replication")) child.kill("SIGINT");
    });
    expect((await ended).code).toBe(130);
    expect(readFileSync(join(fresh.path, "report/result.json"), "utf8")).toBe(before);
    fresh.dispose();
  });
});
