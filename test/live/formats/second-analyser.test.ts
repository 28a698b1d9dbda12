import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { countsOf } from "../../native/check-decoder.js";
import { madeByFfmpeg } from "./ffmpeg.js";

const PACKET = 188;
const made = madeByFfmpeg();

/**
 * The report of ffprobe on a file: packets by stream, and the gaps in continuity counters, as
 * PID, expected and found.
 */
function probed(bytes: Uint8Array): { packets: string[]; gaps: string[] } {
  const folder = mkdtempSync(join(tmpdir(), "headrace-probe-"));
  const file = join(folder, "stream.ts");
  writeFileSync(file, bytes);
  const counting = ["-count_packets", "-show_entries", "stream=codec_name,nb_read_packets", "-of", "csv=p=0"];
  const { stdout, stderr } = spawnSync("ffprobe", ["-v", "debug", ...counting, file], { maxBuffer: 64 * 1024 * 1024 });
  rmSync(folder, { recursive: true });
  const gaps = String(stderr).match(/Continuity check failed for pid \d+ expected \d+ got \d+/g) ?? [];
  // It reads the beginning several times.
  return { packets: String(stdout).trim().split(/\s+/), gaps: Array.from(new Set(gaps)) };
}

function split(bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: bytes.length / PACKET }, (_, i) => bytes.subarray(i * PACKET, (i + 1) * PACKET));
}

describe.skipIf(made === undefined)("beside ffprobe, the MPEG-TS decoder", () => {
  const packets = made === undefined ? [] : split(made);

  it("sees the same gaps where packets are left out, and none where none are", () => {
    const whole = new Uint8Array(Buffer.concat(packets));
    expect(probed(whole).gaps).toEqual([]);
    expect(countsOf(whole)).toEqual({ units: packets.length });
    const media = packets.flatMap((packet, i) => ((((packet[1] & 0x1f) << 8) | packet[2]) >= 0x100 ? [i] : []));
    const left = [300, 700, 701, 1100].map((nth) => media[nth]);
    const lossy = new Uint8Array(Buffer.concat(packets.filter((_, i) => !left.includes(i))));
    const lost = probed(lossy).gaps.reduce((sum, gap) => {
      const [, expected, got] = /expected (\d+) got (\d+)/.exec(gap) ?? [];
      return sum + ((Number(got) - Number(expected) + 16) & 15);
    }, 0);
    expect(lost).toBe(left.length);
    expect(countsOf(lossy)).toEqual({ units: packets.length - left.length, lostPackets: lost });
  });

  it.each([
    { size: 192, before: 4, after: 0 },
    { size: 204, before: 0, after: 16 },
  ])("reads packets of $size bytes as it does", ({ before, after }) => {
    const wide = packets.map((packet) => Buffer.concat([Buffer.alloc(before, 1), packet, Buffer.alloc(after, 2)]));
    const bytes = new Uint8Array(Buffer.concat(wide));
    expect(probed(bytes)).toEqual(probed(new Uint8Array(Buffer.concat(packets))));
    expect(countsOf(bytes)).toEqual({ units: packets.length });
  });
});
