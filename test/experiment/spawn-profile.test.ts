import { describe, expect, it } from "vitest";
import { parseSpawnProfile } from "../../src/experiment/spawn-profile.js";

const spawn = (ms: number, more: object = {}): object => ({
  count: 3,
  quantilesMs: [
    [0, ms],
    [1, ms],
  ],
  ...more,
});
const text = (document: object): string => JSON.stringify({ kind: "calibration", version: 1, ...document });

describe("a calibration's spawn times", () => {
  const line = {
    ...{ startsAtOnce: 2, serialMs: 1, sharing: 0.3, outsideMs: 0.5 },
    ...{ perStream: 0.02, crowding: 0.01, delayChance: 0.03, delayMs: 4 },
  };
  const both = text({
    class: "node",
    spawn: spawn(100),
    classes: { node: { spawn: spawn(100) }, native: { spawn: spawn(3, line) } },
  });

  it("are those of the class that it was made for, or of one that is named", () => {
    expect(parseSpawnProfile("machine.json", both).valuesMs[0]).toBe(100);
    expect(parseSpawnProfile("machine.json", both, "node").queue).toBeUndefined();
    const native = parseSpawnProfile("machine.json", both, "native");
    expect([native.valuesMs[0], native.queue]).toEqual([3, line]);
  });

  it("refuses a class that was not measured, with the command that measures it", () => {
    expect(() => parseSpawnProfile("machine.json", both, "zygote")).toThrow(/without the class zygote/);
  });

  it.each([
    [0, "an older"],
    [2, "a newer"],
  ])("refuses format %s, which %s version wrote", (version, age) => {
    const other = JSON.stringify({ kind: "calibration", version, spawn: spawn(100) });
    expect(() => parseSpawnProfile("machine.json", other)).toThrow(
      `machine.json:1:33: a calibration of format ${version}, which ${age} version`,
    );
  });

  it("share the machine by the contention of an older profile", () => {
    const older = text({ spawn: spawn(100, { contention: 0.2, startsAtOnce: 2 }) });
    expect(parseSpawnProfile("machine.json", older).queue).toEqual({
      startsAtOnce: 2,
      serialMs: 0,
      sharing: 0.2,
      perStream: 0,
      crowding: 0,
      delayChance: 0,
      delayMs: 0,
      outsideMs: 0,
    });
  });

  it("name the line of a table that descends, in the class that is read", () => {
    const falling = {
      count: 3,
      quantilesMs: [
        [0, 5],
        [1, 4],
      ],
    };
    const file = JSON.stringify(
      { kind: "calibration", version: 1, class: "node", spawn: spawn(1), classes: { native: { spawn: falling } } },
      null,
      1,
    );
    expect(() => parseSpawnProfile("machine.json", file, "native")).toThrow(/quantilesMs/);
  });
});
