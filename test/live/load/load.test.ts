import { describe, expect, it } from "vitest";
import { knownFormats, loadFormat } from "../../../src/live/formats/format.js";
import { streamWriter } from "../../../src/live/load/stream-writer.js";

describe("the load generator's streams", () => {
  it.each(knownFormats())(
    "are flawless to the decoder of their format, and the same each time (%s)",
    async (format) => {
      const bytes = streamWriter(format, 1_000_000).take(500);
      expect(Buffer.from(streamWriter(format, 1_000_000).take(500)).equals(bytes)).toBe(true);
      const decoder = (await loadFormat(format)).createDecoder();
      decoder.push(bytes, 0);
      decoder.end();
      expect(decoder.quality()).toMatchObject({ units: 500, errorCount: 0 });
      expect(bytes.length).toBe(500 * streamWriter(format, 1_000_000).unitBytes);
    },
  );
});
