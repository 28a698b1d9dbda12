import { crc32Mpeg } from "../checksums/crc32-mpeg.js";

const PAT_PID = 0x00;
const CAT_PID = 0x01;
const NIT_PID = 0x10;
const SDT_PID = 0x11;
const EIT_PID = 0x12;
const PAT_TABLE = 0x00;
/** A section is at most 4096 bytes (EIT), others 1024. */
const MAX_SECTION = 4096;
/** Tables of more programmes than this are not followed: bounds what a forged PAT can cost (4 kB each). */
const MAX_TABLE_PIDS = 128;
const STUFFING = 0xff;

class Assembly {
  readonly bytes = new Uint8Array(MAX_SECTION);
  length = 0;
  /** A section begins at a start that was announced, or right after another: until then bytes mean nothing. */
  open = false;
}

/** Puts sections together on the PIDs that carry tables (the PAT says which) and checks the CRC-32 of each. */
export class SectionChecker {
  crcErrors = 0;
  sections = 0;
  private readonly assemblies = new Map<number, Assembly>();

  constructor() {
    for (const pid of [PAT_PID, CAT_PID, NIT_PID, SDT_PID, EIT_PID]) this.assemblies.set(pid, new Assembly());
  }

  /** Packets are missing: a section that was under way cannot be judged. */
  interrupt(pid: number): void {
    const assembly = this.assemblies.get(pid);
    if (assembly === undefined) return;
    assembly.open = false;
    assembly.length = 0;
  }

  payload(pid: number, starts: boolean, data: Uint8Array, from: number, to: number): void {
    const assembly = this.assemblies.get(pid);
    if (assembly === undefined || from >= to) return;
    if (!starts) {
      if (assembly.open) this.collect(assembly, data, from, to);
      return;
    }
    const begin = from + 1 + data[from];
    if (begin > to) {
      this.interrupt(pid);
      return;
    }
    if (assembly.open) this.collect(assembly, data, from + 1, begin);
    // Announced as over, yet its length says otherwise: one of the two is wrong.
    if (assembly.open && assembly.length > 0) this.crcErrors++;
    assembly.open = true;
    assembly.length = 0;
    this.collect(assembly, data, begin, to);
  }

  private collect(assembly: Assembly, data: Uint8Array, from: number, to: number): void {
    let at = from;
    while (at < to) {
      if (assembly.length === 0 && data[at] === STUFFING) {
        assembly.open = false;
        return;
      }
      const whole = assembly.length < 3 ? 3 : wholeLength(assembly.bytes);
      if (whole > MAX_SECTION) {
        this.refuse(assembly);
        return;
      }
      const take = Math.min(whole - assembly.length, to - at);
      assembly.bytes.set(data.subarray(at, at + take), assembly.length);
      assembly.length += take;
      at += take;
      if (assembly.length < 3 || assembly.length < wholeLength(assembly.bytes)) continue;
      this.sections++;
      if (!isSound(assembly)) {
        this.refuse(assembly);
        return;
      }
      if (assembly.bytes[0] === PAT_TABLE) this.learn(assembly.bytes, assembly.length);
      assembly.length = 0;
    }
  }

  /** What follows a damaged section is not to be believed until a start is announced: one fault, not one per byte. */
  private refuse(assembly: Assembly): void {
    this.crcErrors++;
    assembly.open = false;
    assembly.length = 0;
  }

  private learn(bytes: Uint8Array, length: number): void {
    for (let at = 8; at + 4 <= length - 4; at += 4) {
      const pid = ((bytes[at + 2] & 0x1f) << 8) | bytes[at + 3];
      if (!this.assemblies.has(pid) && this.assemblies.size < MAX_TABLE_PIDS) this.assemblies.set(pid, new Assembly());
    }
  }
}

/** Sections of the short form carry no CRC, but PAT, CAT, PMT, NIT, SDT, BAT and EIT always have the long one (EN 300 468, 5.1.3). */
function isSound({ bytes, length }: Assembly): boolean {
  const table = bytes[0];
  if ((bytes[1] & 0x80) === 0) return !(table <= 0x03 || (table >= 0x40 && table <= 0x6f));
  return length >= 12 && crc32Mpeg(bytes, 0, length) === 0;
}

function wholeLength(bytes: Uint8Array): number {
  return 3 + (((bytes[1] & 0x0f) << 8) | bytes[2]);
}
