const TABLE = makeTable();

/**
 * CRC-32/MPEG-2 of `bytes[from, to)`: polynomial 0x04C11DB7, not reflected, start 0xFFFFFFFF
 * (ISO/IEC 13818-1, annex A). Over a section with its own CRC at the end the result is 0.
 */
export function crc32Mpeg(bytes: Uint8Array, from: number, to: number): number {
  let crc = 0xffffffff | 0;
  for (let i = from; i < to; i++) crc = (crc << 8) ^ TABLE[(crc >>> 24) ^ bytes[i]];
  return crc >>> 0;
}

function makeTable(): Int32Array {
  const table = new Int32Array(256);
  for (let value = 0; value < 256; value++) {
    let crc = value << 24;
    for (let bit = 0; bit < 8; bit++) crc = crc < 0 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
    table[value] = crc;
  }
  return table;
}
