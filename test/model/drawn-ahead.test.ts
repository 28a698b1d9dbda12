import { describe, expect, it } from "vitest";
import { RandomStream } from "../../src/base/random.js";
import { DrawnAhead } from "../../src/model/drawn-ahead.js";

describe("numbers drawn ahead", () => {
  it("come in the order in which the stream gives them, over many blocks", () => {
    const [ahead, alone] = [new RandomStream("seed"), new RandomStream("seed")];
    const drawn = new DrawnAhead((block) => {
      for (let i = 0; i < block.length; i++) block[i] = ahead.exponential();
    });
    for (let i = 0; i < 2000; i++) expect(drawn.next()).toBe(alone.exponential());
  });

  it("are not drawn before the first is taken", () => {
    let blocks = 0;
    const drawn = new DrawnAhead((block) => block.fill(++blocks));
    expect(blocks).toBe(0);
    expect([drawn.next(), drawn.next(), blocks]).toEqual([1, 1, 1]);
  });
});
