import { spawnSync } from "node:child_process";

/**
 * Six seconds of picture and sound as MPEG-TS, made by ffmpeg; undefined, with the reason
 * printed, if it does not run.
 */
export function madeByFfmpeg(): Uint8Array | undefined {
  const inputs = ["testsrc=size=320x240:rate=25", "sine=frequency=440"].flatMap((one) => ["-f", "lavfi", "-i", one]);
  const codecs = ["-c:v", "mpeg2video", "-b:v", "1M", "-c:a", "mp2", "-f", "mpegts", "pipe:1"];
  const made = spawnSync("ffmpeg", ["-v", "error", ...inputs, "-t", "6", ...codecs], { maxBuffer: 64 * 1024 * 1024 });
  if (made.error !== undefined) {
    console.log(`skipped: ffmpeg does not run here (${made.error.message})`);
    return undefined;
  }
  if (made.status !== 0) throw new Error(`ffmpeg: ${made.stderr}`);
  return new Uint8Array(made.stdout);
}
