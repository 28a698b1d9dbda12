import { describe, expect, it } from "vitest";
import { InThreadWatch, SharedWatch, Watchdog, watchMemory } from "../../src/experiment/user-code-watch.js";

describe("the watchdog of user code", () => {
  const setUp = () => {
    const memory = watchMemory(2);
    return { watch: new SharedWatch(memory, 1), dog: new Watchdog(memory, (job) => `module ${job}`) };
  };

  it("finds a decision that does not return within 5 s, and no sooner", () => {
    const { watch, dog } = setUp();
    watch.enter();
    expect(dog.overdue(1000)).toBeUndefined();
    expect(dog.overdue(6000)).toBeUndefined();
    const hung = dog.overdue(6001);
    expect(hung?.job).toBe(1);
    expect(hung?.fault.message).toMatch(/module 1: a decision that does not return within 5 s/);
  });

  it("names a job that hangs once, and goes on to the next one", () => {
    const memory = watchMemory(2);
    const dog = new Watchdog(memory, (job) => `module ${job}`);
    new SharedWatch(memory, 0).enter();
    new SharedWatch(memory, 1).enter();
    expect(dog.overdue(0)).toBeUndefined();
    expect([dog.overdue(9000)?.job, dog.overdue(9000)?.job, dog.overdue(9000)]).toEqual([0, 1, undefined]);
  });

  it("is content while decisions come and go, however many there are", () => {
    const { watch, dog } = setUp();
    for (let nowMs = 0; nowMs < 60_000; nowMs += 4000) {
      watch.enter();
      expect(dog.overdue(nowMs)).toBeUndefined();
      watch.leave();
    }
    expect(dog.overdue(100_000)).toBeUndefined();
    // Its pending timers may still end the thread.
    expect(dog.ended(1)?.message).toMatch(/ends its thread after a decision/);
    expect(dog.ended(0)).toBeUndefined();
  });

  it("gives loading more time, and names a thread that ended meanwhile", () => {
    const { watch, dog } = setUp();
    void watch.loading("m.js", () => new Promise(() => undefined));
    expect(dog.overdue(0)).toBeUndefined();
    expect(dog.overdue(20_000)).toBeUndefined();
    expect(dog.overdue(20_001)?.fault.message).toMatch(/does not finish loading within 20 s/);
    expect(dog.ended(1)?.message).toMatch(/ends its thread while it is loaded/);
    expect(dog.ended(0)).toBeUndefined();
  });
});

describe("the watch in the command's own thread", () => {
  it.each([
    ["in a thread of its own", () => new SharedWatch(watchMemory(1), 0)],
    ["in the command's thread", () => new InThreadWatch()],
  ])("makes signals an error while the user's code runs %s", (_where, open) => {
    const { kill, abort } = process;
    const watch = open();
    watch.enter();
    expect(() => process.kill(process.ppid, 0)).toThrow(/called process.kill/);
    expect(() => process.abort()).toThrow(/called process.abort/);
    watch.leave();
    expect([process.kill, process.abort]).toEqual([kill, abort]);
  });

  it.each([
    ["in a thread of its own", () => new SharedWatch(watchMemory(1), 0)],
    ["in the command's thread", () => new InThreadWatch()],
  ])("keeps stdout and the exit code for the command while the user's code runs %s", (_where, open) => {
    const { exitCode, stdout, stderr } = process;
    const { write } = stdout;
    const printed: unknown[] = [];
    const own = stderr.write;
    stderr.write = (text: unknown) => printed.push(text) > 0;
    const watch = open();
    watch.enter();
    process.exitCode = 5;
    process.stdout.write("from the module");
    watch.leave();
    stderr.write = own;
    expect(printed).toEqual(["from the module"]);
    expect([process.exitCode, process.stdout.write]).toEqual([exitCode, write]);
  });

  it("makes process.exit an error while the user's code runs, and only then", async () => {
    const watch = new InThreadWatch();
    const { exit } = process;
    watch.enter();
    expect(() => process.exit(0)).toThrow(/called process.exit/);
    watch.leave();
    expect(process.exit).toBe(exit);
    await expect(watch.loading("m.js", async () => process.exit(0))).rejects.toThrow(/called process.exit/);
    expect(process.exit).toBe(exit);
  });
});
