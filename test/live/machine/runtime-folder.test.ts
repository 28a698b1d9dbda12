import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { holdFolder } from "../../../src/live/machine/held-folder.js";
import { compiledEntry } from "../../../src/live/machine/launch-command.js";
import { makeRuntimeFolder } from "../../../src/live/machine/runtime-folder.js";
import { HostBench, until } from "../live-bench.js";
import { SlowFlock } from "../slow-flock.js";

const PREFIX = "headrace-test-";
const { TMPDIR, XDG_RUNTIME_DIR } = process.env;
let place = "";
let owner: ChildProcess | undefined;
let slow: SlowFlock | undefined;

function restore(environment: Record<string, string | undefined>): void {
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}

/** Another process that makes a folder and goes on. */
async function makeElsewhere(): Promise<string> {
  const script = `
    const { makeRuntimeFolder } = await import(${JSON.stringify(compiledEntry("./machine/runtime-folder.js"))});
    console.log(makeRuntimeFolder(${JSON.stringify(PREFIX)}).path);
    setInterval(() => undefined, 1000);`;
  owner = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await new Promise<string[]>((resolve) =>
    owner?.stdout?.once("data", (chunk) => resolve(String(chunk).split("\n"))),
  );
  return line;
}

describe("runtime folders", () => {
  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), "place-"));
    process.env.TMPDIR = place;
    delete process.env.XDG_RUNTIME_DIR;
  });
  afterEach(() => {
    owner?.kill("SIGKILL");
    owner = undefined;
    slow?.close();
    slow = undefined;
    restore({ TMPDIR, XDG_RUNTIME_DIR });
    rmSync(place, { recursive: true, force: true });
  });

  it("are private, have a name that cannot be guessed, and are removed", () => {
    const [one, two] = [makeRuntimeFolder(PREFIX), makeRuntimeFolder(PREFIX)];
    expect(one.path).not.toBe(two.path);
    expect(statSync(one.path).mode & 0o777).toBe(0o700);
    rmSync(two.path, { recursive: true });
    expect([one.isThere, two.isThere]).toEqual([true, false]);
    for (const folder of [one, two]) folder.close();
    expect(readdirSync(place)).toEqual([]);
  });

  it("of a living process are left, those of a killed one removed; a number alone proves nothing", async () => {
    const made = await makeElsewhere();
    expect(dirname(made)).toBe(place);
    expect(holdFolder(made)).toBe("held-by-another");
    makeRuntimeFolder(PREFIX).close();
    expect(existsSync(made)).toBe(true);
    const gone = new Promise((resolve) => owner?.once("exit", resolve));
    owner?.kill("SIGKILL");
    await gone;
    makeRuntimeFolder(PREFIX).close();
    expect(existsSync(made)).toBe(false);
  });

  it("are there although another process looks for leftovers all the time", async () => {
    const script = `
      const { makeRuntimeFolder } = await import(${JSON.stringify(compiledEntry("./machine/runtime-folder.js"))});
      for (;;) makeRuntimeFolder(${JSON.stringify(PREFIX)}).close();`;
    owner = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: "ignore" });
    await until("the other process", () => readdirSync(place).length > 0);
    const made = Array.from({ length: 10 }, () => makeRuntimeFolder(PREFIX));
    expect(made.filter((folder) => !folder.isThere)).toEqual([]);
    for (const folder of made) folder.close();
  });

  it("are locked by a second attempt where the first one does not end", () => {
    slow = new SlowFlock(1);
    const folder = makeRuntimeFolder(PREFIX, 500);
    expect(holdFolder(folder.path)).toBe("held-by-another");
    folder.close();
  });

  it("are refused and removed where no attempt ends: without a lock another process could remove them", () => {
    slow = new SlowFlock(Number.POSITIVE_INFINITY);
    expect(() => makeRuntimeFolder(PREFIX, 50)).toThrow(`${place} (the program flock does not end)`);
    expect(readdirSync(place).filter((name) => name.startsWith(PREFIX))).toEqual([]);
  });

  it("are made where XDG_RUNTIME_DIR described, if that is this user's own", () => {
    const [mine, open] = ["mine", "open"].map((name) => join(place, name));
    mkdirSync(mine, { mode: 0o700 });
    mkdirSync(open);
    chmodSync(open, 0o777);
    for (const [given, expected] of [
      [mine, mine],
      [open, place],
    ]) {
      process.env.XDG_RUNTIME_DIR = given;
      const folder = makeRuntimeFolder(PREFIX);
      expect(dirname(folder.path)).toBe(expected);
      folder.close();
    }
  });

  it("are made elsewhere where TMPDIR cannot be used: C streamlets start all the same", async () => {
    for (const bad of [join(place, "missing"), join(place, "a".repeat(120))]) {
      if (bad.length > 120) mkdirSync(bad);
      process.env.TMPDIR = bad;
      const bench = new HostBench("zygote");
      await bench.launch(1);
      expect(bench.host.zygoteOf(0)).toMatchObject({ state: "up" });
      await bench.close();
    }
  });
});
