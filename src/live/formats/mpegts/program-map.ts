/**
 * Bounds the cost of a forged PAT. 128 programmes in 16 sections are more than any multiplex has.
 */
const MAX_SECTIONS = 16;
const MAX_NAMED = 128;

/**
 * The PIDs that PAT sections name, by section: a new version replaces all of the old one (ISO/IEC
 * 13818-1, 2.4.4.3).
 */
export class ProgramMap {
  private version = -1;
  private readonly pids = new Map<number, readonly number[]>();

  /**
   * Takes an undamaged PAT section. False if it is not in force yet (current_next_indicator = 0)
   * and nothing changes.
   */
  take(bytes: Uint8Array, length: number): boolean {
    if ((bytes[5] & 1) === 0) return false;
    // The PAT of another transport stream replaces it, too: its id is part of the version.
    const version = (bytes[3] << 16) | (bytes[4] << 8) | (bytes[5] & 0x3e);
    if (version !== this.version) this.pids.clear();
    this.version = version;
    const named: number[] = [];
    for (let at = 8; at + 4 <= length - 4 && named.length < MAX_NAMED; at += 4) {
      named.push(((bytes[at + 2] & 0x1f) << 8) | bytes[at + 3]);
    }
    if (this.pids.has(bytes[6]) || this.pids.size < MAX_SECTIONS) this.pids.set(bytes[6], named);
    return true;
  }

  /** In the order of the section numbers; the network PID is among them. */
  tables(): number[] {
    return Array.from(this.pids.keys())
      .sort((a, b) => a - b)
      .flatMap((section) => this.pids.get(section) ?? []);
  }
}

/** Private sections (stream type 5) are tables; other streams of a PMT are not. */
const PRIVATE_SECTIONS = 0x05;

/** The PIDs of the elementary streams of an undamaged PMT section. */
export function elementaryPids(bytes: Uint8Array, length: number): number[] {
  const found: number[] = [];
  const end = length - 4;
  for (let at = 12 + (((bytes[10] & 0x0f) << 8) | bytes[11]); at + 5 <= end; ) {
    if (bytes[at] !== PRIVATE_SECTIONS) found.push(((bytes[at + 1] & 0x1f) << 8) | bytes[at + 2]);
    at += 5 + (((bytes[at + 3] & 0x0f) << 8) | bytes[at + 4]);
  }
  return found;
}
