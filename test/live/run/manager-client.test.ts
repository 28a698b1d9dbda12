import type { ChildProcess } from "node:child_process";
import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import { managerUp } from "../../../src/live/run/manager-up.js";

/** A child process whose messages the test sends. */
function child(): { readonly process: ChildProcess; readonly emitter: EventEmitter } {
  const emitter = new EventEmitter();
  return { process: emitter as ChildProcess, emitter };
}

const up = { kind: "up", pid: 7, port: 80, enforced: {}, lines: [] };

describe("the start of a manager", () => {
  it("waits for the message that it is up, and passes on notices that come before", async () => {
    const { process, emitter } = child();
    const notices: string[] = [];
    const waited = managerUp(process, (line) => notices.push(line));
    emitter.emit("message", { kind: "notice", line: "limits do not hold: cpu" });
    emitter.emit("message", { kind: "beats", beats: [] });
    emitter.emit("message", up);
    expect(await waited).toEqual(up);
    expect(notices).toEqual(["limits do not hold: cpu"]);
    // What comes now is for the client's own listeners.
    expect(["message", "exit", "error"].map((event) => emitter.listenerCount(event))).toEqual([0, 0, 0]);
  });

  it.each([
    [(emitter: EventEmitter) => emitter.emit("message", { kind: "failed", message: "no port" }), /no port/],
    [(emitter: EventEmitter) => emitter.emit("exit", 3), /an end before it was up \(exit code 3\)/],
    [(emitter: EventEmitter) => emitter.emit("error", new Error("no node")), /no node/],
  ])("ends with the reason where it fails (%#)", async (fail, reason) => {
    const { process, emitter } = child();
    const waited = managerUp(process, () => undefined);
    fail(emitter);
    await expect(waited).rejects.toThrow(reason);
  });
});
