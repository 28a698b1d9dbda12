import { RandomStream } from "../../base/random.js";
import { MpegTsWriter } from "../formats/mpegts/writer.js";
import type { Bench } from "./bench.js";
import type { ChurnStart } from "./burst-model.js";

/**
 * Mean time between two streams, and mean length of a stream. About six are open at a time, each on
 * a streamlet of its own.
 */
const GAP_MS = 400;
const HOLDING_MS = 2500;
const BITS_PER_SECOND = 500_000;
/** The period of sending; the load generator has the same. */
const PIECE_MS = 40;
const PACKET_BITS = 188 * 8;
/** With this many streamlets at once the machine does not keep up: no further start. */
const MAX_LATE = 20;

/**
 * Starts streamlets for `forMs` while streams begin and end. Resolves with the starts in order,
 * once the last streamlet has ended.
 */
export async function churn(bench: Bench, forMs: number, seed: string): Promise<ChurnStart[]> {
  const random = new RandomStream(`churn/${seed}`);
  const starts: ChurnStart[] = [];
  const lives = new Set<Promise<void>>();
  const untilMs = performance.now() + forMs;
  let open = 0;
  const live = async (holdingMs: number): Promise<void> => {
    const [fromMs, openThen] = [performance.now(), open];
    const { ids } = await bench.launch(1);
    starts.push({ fromMs, toMs: performance.now(), open: openThen });
    const { client } = await bench.stream(ids[0], bench.order("mpegts"));
    open++;
    const writer = new MpegTsWriter(BITS_PER_SECOND);
    const timer = setInterval(() => {
      client.write(Uint8Array.from(writer.take(Math.round((BITS_PER_SECOND * PIECE_MS) / 1000 / PACKET_BITS))));
    }, PIECE_MS);
    const leftMs = Math.max(0, untilMs - performance.now());
    await bench.pause(Math.min(holdingMs, leftMs)).finally(() => clearInterval(timer));
    open--;
    client.destroy();
    await bench.stop(ids[0]);
  };
  while (performance.now() < untilMs && lives.size < MAX_LATE) {
    await bench.pause(GAP_MS * random.exponential());
    const one = live(HOLDING_MS * random.exponential()).finally(() => lives.delete(one));
    lives.add(one);
  }
  await Promise.all(lives);
  return starts.sort((a, b) => a.fromMs - b.fromMs);
}
