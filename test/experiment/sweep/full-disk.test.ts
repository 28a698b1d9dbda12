import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { RunFolder } from "../../../src/experiment/sweep/run-file.js";
import { Folder, quickScenario, run } from "../../cli/real-command.js";

const sweep = "scenario: s.yaml\ndesign: grid\naxes: {policies.static.count: {from: 6, to: 15, step: 1}}\nseeds: 2\n";

it("a sweep onto a full disk ends in words, keeps whole runs only, and goes on when there is room", async (context) => {
  const folder = new Folder({ "s.yaml": quickScenario(), "sweep.yaml": sweep });
  const tiny = join(folder.path, "out");
  mkdirSync(tiny);
  // Room for about ten runs of one page each.
  if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=48k", "tmpfs", tiny]).status !== 0) {
    folder.dispose();
    console.warn("skipped: a full disk needs the right to mount a tmpfs");
    context.skip();
  }
  try {
    const full = await run(["sweep", "sweep.yaml", "--out", "out", "--threads", "1", "--quiet"], folder.path);
    expect(full.stderr).toMatch(/ENOSPC|no space/i);
    expect(full.stderr).not.toMatch(/^\s+at /m);
    expect(full.code).toBe(2);
    const runs = new RunFolder(tiny);
    const kept = [...(await runs.done())];
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.length).toBeLessThan(20);
    for (const key of kept) expect(await runs.read(key)).toMatchObject({ key });
    spawnSync("mount", ["-o", "remount,size=8m", tiny]);
    const rest = await run(["sweep", "sweep.yaml", "--out", "out", "--threads", "1", "--json", "--quiet"], folder.path);
    const elsewhere = ["sweep", "sweep.yaml", "--out", "other", "--threads", "1", "--json", "--quiet"];
    const whole = await run(elsewhere, folder.path);
    expect(JSON.parse(rest.stdout)).toEqual(JSON.parse(whole.stdout));
  } finally {
    spawnSync("umount", [tiny]);
    folder.dispose();
  }
}, 120_000);
