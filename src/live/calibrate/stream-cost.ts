import type { Socket } from "node:net";
import { encodeFrame } from "../formats/decoders/frames.js";
import { MpegTsWriter } from "../formats/mpegts/writer.js";
import type { Bench } from "./bench.js";

const STREAM_BITS_PER_SECOND = 3_000_000;
const CHUNK_MS = 50;

export interface StreamCost {
  readonly bitsPerSecond: number;
  /** Cores and bytes of one stream more. */
  readonly cpu: number;
  readonly memoryBytes: number;
}

/**
 * Streams at once on one streamlet, against the same streamlet idle. Echo-free: bytes are decoded,
 * checked and dropped.
 */
export async function measureStreams(
  bench: Bench,
  format: string,
  effort: { readonly streams: number; readonly streamMs: number },
): Promise<StreamCost> {
  const { ids } = await bench.launch(1);
  const [idle] = await bench.freshBeats(ids);
  const clients: { readonly client: Socket; readonly next: () => Uint8Array }[] = [];
  for (let stream = 1; stream <= effort.streams; stream++) {
    const { client } = await bench.stream(ids[0], bench.order(format));
    clients.push({ client, next: chunks(format) });
  }
  const timer = setInterval(() => {
    for (const { client, next } of clients) client.write(next());
  }, CHUNK_MS);
  try {
    await bench.pause(CHUNK_MS * 4);
    const [from] = await bench.freshBeats(ids);
    const fromMs = performance.now();
    await bench.pause(effort.streamMs);
    const [to] = await bench.freshBeats(ids);
    const elapsedMs = performance.now() - fromMs;
    const bytes = to.bytesIn - from.bytesIn;
    return {
      bitsPerSecond: Math.round((8000 * bytes) / elapsedMs / effort.streams),
      cpu: Number(((to.cpuMs - from.cpuMs) / elapsedMs / effort.streams).toPrecision(3)),
      memoryBytes: Math.max(0, Math.round((to.rssBytes - idle.rssBytes) / effort.streams)),
    };
  } finally {
    clearInterval(timer);
    for (const { client } of clients) client.destroy();
    await bench.stop(ids[0]);
  }
}

/** What a sender sends every `CHUNK_MS`. */
function chunks(format: string): () => Uint8Array {
  const bytes = (STREAM_BITS_PER_SECOND * CHUNK_MS) / 8000;
  if (format === "mpegts") {
    const writer = new MpegTsWriter(STREAM_BITS_PER_SECOND);
    return () => Uint8Array.from(writer.take(Math.round(bytes / 188)));
  }
  const payload = new Uint8Array(bytes);
  let sequence = 0;
  return () => encodeFrame(payload, sequence++);
}
