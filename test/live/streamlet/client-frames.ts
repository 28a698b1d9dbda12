export const TEXT = 1;
export const BINARY = 2;
export const CLOSE = 8;
export const PING = 9;

/** A client's frame, masked; `bits` replace its first byte. */
export function frame(opcode: number, payload: Uint8Array = new Uint8Array(0), final = true, bits = 0): Buffer {
  const mask = Buffer.from([1, 77, 200, 9]);
  const head = [(final ? 0x80 : 0) | bits | opcode];
  if (payload.length < 126) head.push(0x80 | payload.length);
  else if (payload.length < 65_536) head.push(0x80 | 126, payload.length >> 8, payload.length & 255);
  else head.push(0x80 | 127, 0, 0, 0, 0, ...Buffer.from(Uint32Array.of(payload.length).buffer).reverse());
  return Buffer.concat([Buffer.from(head), mask, payload.map((byte, i) => byte ^ mask[i & 3])]);
}

/** A close frame with a status. */
export const closing = (status: number): Buffer => frame(CLOSE, Buffer.from([status >> 8, status & 255]));
