import { existsSync, readdirSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { until } from "../live/live-bench.js";
import { Folder, run, start } from "./real-command.js";

let folder: Folder;
beforeEach(() => {
  folder = new Folder();
});
afterEach(() => folder.dispose());

/** Living processes whose parent this is. */
function childrenOf(pid: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, "utf8");
        return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1] === String(pid);
      } catch {
        return false;
      }
    })
    .map(Number);
}

describe("headrace calibrate", () => {
  it("leaves neither processes nor a file when it is interrupted", async () => {
    const { child, ended } = start(["calibrate", "--out", "here.json"], folder.path);
    let streamlets: number[] = [];
    await until("streamlets", () => {
      streamlets = childrenOf(child.pid as number);
      return streamlets.length > 0 || child.exitCode !== null;
    });
    child.kill("SIGINT");
    expect((await ended).code).toBe(130);
    await until("their end", () => streamlets.every((pid) => !existsSync(`/proc/${pid}`)));
    expect(folder.list()).toEqual([]);
  });

  it("says at once that it cannot write", async () => {
    folder.write("file", "");
    const { code, stderr } = await run(["calibrate", "--out", "file/x.json"], folder.path);
    expect([code, stderr]).toEqual([2, expect.stringContaining("expected a folder")]);
  });
});
