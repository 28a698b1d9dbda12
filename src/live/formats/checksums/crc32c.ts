const TABLE = makeTable();

/** The first state of `crc32c`. */
export const CRC32C_START = 0xffffffff | 0;

/**
 * CRC-32C (Castagnoli 1993; RFC 3720) over the next bytes: reflected polynomial 0x82F63B78. Takes
 * and returns the running state: begin with CRC32C_START, end with `crc32cEnd`.
 */
export function crc32c(state: number, bytes: Uint8Array, from: number, to: number): number {
  let crc = state;
  for (let i = from; i < to; i++) crc = (crc >>> 8) ^ TABLE[(crc ^ bytes[i]) & 0xff];
  return crc;
}

/** The checksum of a state, in [0, 2³²). */
export function crc32cEnd(state: number): number {
  return ~state >>> 0;
}

function makeTable(): Int32Array {
  const table = new Int32Array(256);
  for (let value = 0; value < 256; value++) {
    let crc = value;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) !== 0 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
    table[value] = crc;
  }
  return table;
}
