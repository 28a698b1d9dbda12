import { describe, expect, it } from "vitest";
import { channelAmong } from "../../../src/live/manager/adopted-child.js";

const pipe = { connect: () => 0 };
const stdio = [{ type: "ignore" }, { type: "ignore" }, { type: "ignore" }, { type: "pipe", handle: pipe, ipc: true }];

describe("the channel of a process that somebody else forks", () => {
  it("is found in each way in which a version of Node reports a fork", () => {
    expect(channelAmong([{ file: "/f", args: [], envPairs: [], stdio }])).toBe(pipe);
    expect(channelAmong(["/f", [], undefined, ["A=B"], stdio, 0, undefined, undefined])).toBe(pipe);
  });

  it("is reported as missing where Node reports a fork in a third way, so that the caller forks itself", () => {
    expect(() => channelAmong(["/f", [], undefined, [], { 3: pipe }])).toThrow("no channel among the 5 arguments");
    expect(() => channelAmong([{ file: "/f", stdio: stdio.slice(0, 3) }])).toThrow("no channel among the 1 arguments");
    expect(() => channelAmong([])).toThrow("no channel among the 0 arguments");
  });
});
