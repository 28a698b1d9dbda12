/** A small generator for test input (xorshift32, Marsaglia 2003): the same seed, the same bytes. */
export function randomWords(seed: number): () => number {
  let state = Math.imul(seed | 0, 0x9e3779b1) ^ 0x2545f491 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

/** Flips bits, overwrites, drops, repeats and moves runs of bytes: `count` times. */
export function mutate(bytes: Uint8Array, seed: number, count: number): Uint8Array {
  const next = randomWords(seed);
  let out = bytes.slice();
  for (let i = 0; i < count && out.length > 0; i++) {
    const at = next() % out.length;
    const length = Math.min(out.length - at, 1 + (next() % 200));
    switch (next() % 6) {
      case 0:
        out[at] ^= 1 << (next() & 7);
        break;
      case 1:
        out[at] = next();
        break;
      case 2:
        for (let k = at; k < at + length; k++) out[k] = next();
        break;
      case 3:
        out.copyWithin(at, at + length);
        out = out.subarray(0, out.length - length);
        break;
      case 4:
        out.copyWithin(next() % out.length, at, at + length);
        break;
      default:
        out[at] = [0x47, 0xff, 0x00, 0x48][next() & 3];
    }
  }
  return out;
}

/** Cuts bytes into chunks of 0 to about 700 bytes. */
export function cutAtRandom(bytes: Uint8Array, seed: number): Uint8Array[] {
  const next = randomWords(seed);
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = next() % 5 === 0 ? next() % 4 : next() % 700;
    chunks.push(bytes.subarray(at, at + length));
    at += length;
  }
  return chunks;
}
