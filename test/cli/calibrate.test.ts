import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { until } from "../live/live-bench.js";
import { childrenOf } from "../live/process-tree.js";
import { folderPerTest } from "./folder-per-test.js";
import { run, start } from "./real-command.js";

const folder = folderPerTest();

describe("headrace calibrate", () => {
  it("leaves neither processes nor a file when it is interrupted", async () => {
    const { child, ended } = start(["calibrate", "--out", "here.json"], folder.path);
    let streamlets: number[] = [];
    await until("streamlets", () => {
      streamlets = childrenOf(child.pid);
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
