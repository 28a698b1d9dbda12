export const PACKET = 188;
/** Packets of this PID are padding. */
export const NULL_PID = 0x1fff;
/**
 * Distance between two sync bytes: packets alone, packets after a time stamp of 4 bytes (Blu-ray,
 * AVCHD, IPTV recorders), or packets before 16 bytes of Reed-Solomon code (DVB). The extra bytes
 * are skipped.
 */
export const STRIDES = [PACKET, 192, 204] as const;
export type MpegTsStride = (typeof STRIDES)[number];
const MAX_STRIDE = 204;
const TIME_STAMP_BYTES = 4;
export const SYNC = 0x47;
/**
 * Sync is found where this many packets in a row begin with the sync byte. By chance that happens
 * at one of 16 million positions.
 */
export const SYNC_RUN = 3;
/** At the start of a stream this many of SYNC_RUN packets are enough: one may be damaged. */
const FIRST_RUN = 2;
export const LOOK_AHEAD = (SYNC_RUN - 1) * MAX_STRIDE + 1;

/** The position of the first sync byte of an undamaged stream. */
export function firstSync(stride: MpegTsStride): number {
  return stride === 192 ? TIME_STAMP_BYTES : 0;
}

/** How many of the next SYNC_RUN packets begin with the sync byte, of those that have arrived. */
export function syncs(data: Uint8Array, from: number, stride: number): number {
  let count = 0;
  for (let i = 0; i < SYNC_RUN; i++) if (data[from + i * stride] === SYNC) count++;
  return count;
}

/** The distance between packets at the start of a stream; undefined if no run of them is there. */
export function strideAtStart(data: Uint8Array): MpegTsStride | undefined {
  const wide = STRIDES.find((stride) => stride > PACKET && syncs(data, firstSync(stride), stride) === SYNC_RUN);
  const there = Math.min(SYNC_RUN, Math.ceil(data.length / PACKET));
  const found = syncs(data, 0, PACKET);
  const isPlain = found > 0 && found >= Math.min(wide === undefined ? FIRST_RUN : SYNC_RUN, there);
  return isPlain ? PACKET : wide;
}
