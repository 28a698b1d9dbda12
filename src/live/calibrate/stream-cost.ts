import type { Socket } from "node:net";
import { loadFormat } from "../formats/format.js";
import type { Bench } from "./bench.js";

const STREAM_BITS_PER_SECOND = 3_000_000;
/** Period and size of one write of a sender. */
const CHUNK_MS = 50;
const CHUNK_BYTES = (STREAM_BITS_PER_SECOND * CHUNK_MS) / 8000;

export interface StreamCost {
  readonly bitsPerSecond: number;
  /** Cores and bytes that one more stream takes. */
  readonly cpu: number;
  readonly memoryBytes: number;
}

/**
 * Compares one streamlet under concurrent streams with the same streamlet idle. Bytes are decoded,
 * checked and dropped; none is sent back.
 */
export async function measureStreams(
  bench: Bench,
  format: string,
  effort: { readonly streams: number; readonly streamMs: number },
): Promise<StreamCost> {
  const { ids } = await bench.launch(1);
  const [idle] = await bench.freshBeats(ids);
  const createWriter = await (await loadFormat(format)).loadWriter();
  const clients: { readonly client: Socket; readonly next: () => Uint8Array }[] = [];
  for (let stream = 1; stream <= effort.streams; stream++) {
    const { client } = await bench.stream(ids[0], bench.order(format));
    const writer = createWriter(STREAM_BITS_PER_SECOND);
    const units = Math.round(CHUNK_BYTES / writer.unitBytes);
    clients.push({ client, next: () => writer.take(units) });
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
