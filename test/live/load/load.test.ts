import { describe, expect, it } from "vitest";
import { knownFormats, loadFormat } from "../../../src/live/formats/format.js";

describe("the streams that the load generator and calibration send", () => {
  it.each(knownFormats())(
    "are flawless to the decoder of their format, and the same each time (%s)",
    async (format) => {
      const { createDecoder, loadWriter } = await loadFormat(format);
      const createWriter = await loadWriter();
      const bytes = createWriter(1_000_000).take(500);
      expect(Buffer.from(createWriter(1_000_000).take(500)).equals(bytes)).toBe(true);
      const decoder = createDecoder();
      decoder.push(bytes, 0);
      decoder.end();
      expect(decoder.quality()).toMatchObject({ units: 500, errorCount: 0 });
      expect(bytes.length).toBe(500 * createWriter(1_000_000).unitBytes);
    },
  );
});
