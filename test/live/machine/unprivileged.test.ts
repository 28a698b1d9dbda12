import { spawnSync } from "node:child_process";
import { chmodSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { runtimes, until } from "../live-bench.js";
import { LiveCommand } from "../live-command.js";
import { liveScenario } from "../live-scenario.js";
import { StreamClient } from "../stream-client.js";

const scenario = liveScenario({
  name: "unprivileged",
  streamlet: "cpu: 0.5, memory: 512MiB, network: 50Mbps",
  max: 4,
  policies: "[{kind: static, count: 2}]",
});
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;
const asNobody = ["setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups", "--no-new-privs"];

/**
 * The first words of a command that runs without privileges; undefined, with the reason printed,
 * if that is impossible.
 */
function unprivileged(): string[] | undefined {
  if (!isRoot) return [];
  const [program, ...rest] = asNobody;
  const tried = spawnSync(program, [...rest, process.execPath, "bin/headrace.js", "--version"]);
  if (tried.status === 0) return asNobody;
  const why = tried.error === undefined ? "this checkout is not readable by another user" : "there is no setpriv";
  console.log(`not checked: a run without privileges, since ${why}`);
  return undefined;
}

const prefix = unprivileged();

describe.skipIf(prefix === undefined)("a live run without privileges", { concurrent: true }, () => {
  it.for(runtimes())(
    "serves, enforces the limits that it can, and reports the others (%s)",
    async (runtime, context) => {
      const live = new LiveCommand(scenario);
      context.onTestFinished(() => live.dispose());
      chmodSync(live.folder, 0o777);
      await live.serve(["--json", "--runtime", runtime], prefix);
      const api = `http://127.0.0.1:${live.managerPort}`;
      const client = new StreamClient(live.port);
      await until("service", () => client.echoedBytes > 50_000);
      const views = (await (await fetch(`${api}/streamlets`)).json()) as { pid: number }[];
      const rights = views.map(({ pid }) => /^Uid:\t(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
      expect(new Set(rights)).toEqual(new Set([String(isRoot ? NOBODY : process.getuid?.())]));
      const { sentBytes } = await client.finish();
      expect(client.echoedBytes).toBe(sentBytes);

      // Each limit is reported, in text and by the API alike; no limit is reported that does not
      // hold.
      const { limits } = (await (await fetch(`${api}/health`)).json()) as { limits: Record<string, string> };
      for (const kind of ["cpu", "memory", "pids", "network"]) {
        const [, by, rest] = new RegExp(`^limit ${kind}: (\\w+)(.*)$`, "m").exec(live.messages) ?? [];
        expect(by, live.messages).toBeDefined();
        expect(limits[kind]).toBe(rest.includes("DOES NOT HOLD") ? "none" : by);
        if (by === "none") expect(rest).toContain("not enforced");
      }
      // Without root there is no control group, so processes cannot be counted.
      if (isRoot) expect(Object.values(limits).some((by) => by.startsWith("cgroup"))).toBe(false);
      if (isRoot) expect(limits.pids).toBe("none");

      expect(await live.stop()).toBe(0);
      expect(live.replayedLog()).not.toBe("");
    },
  );
});
