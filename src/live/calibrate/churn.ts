import { RandomStream } from "../../base/random.js";
import { MpegTsWriter } from "../formats/mpegts/writer.js";
import type { Bench } from "./bench.js";
import type { ChurnStart } from "./burst-model.js";

/**
 * A stream every so often, for so long, in the mean: five are open after a while, and streamlets
 * come and go, none for two streams.
 */
const GAP_MS = 400;
const HOLDING_MS = 2500;
const BITS_PER_SECOND = 500_000;
/** As the load generator sends. */
const PIECE_MS = 40;
const PACKET_BITS = 188 * 8;
/**
 * At least so many starts, however long the machine takes for them: more than so many times over it
 * is out of order.
 */
const MAX_LATE = 20;

/**
 * Starts among streams that come and go, all within `forMs`. Resolves, with them in order, when the
 * last of its streamlets has ended.
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
