import { crc32Mpeg } from "../checksums/crc32-mpeg.js";
import { elementaryPids, ProgramMap } from "./program-map.js";

const PAT_PID = 0x00;
const CAT_PID = 0x01;
const PAT_TABLE = 0x00;
const PMT_TABLE = 0x02;
const LAST_PSI_TABLE = 0x03;
/**
 * EN 300 468, 5.2.8: overwrites another section. It carries no CRC, whatever its syntax indicator
 * is.
 */
const STUFFING_TABLE = 0x72;
/** A section is at most 4096 bytes (EIT), others 1024. */
const MAX_SECTION = 4096;
/**
 * Tables of further programmes are not checked. This bounds the memory for a forged PAT (4 kB
 * each).
 */
const MAX_TABLE_PIDS = 128;
const STUFFING = 0xff;

/**
 * The PIDs that carry tables in DVB streams (EN 300 468, 5.1.3: NIT, SDT and BAT, EIT), each with
 * the table ids that prove it. In other streams they may carry anything (ISO/IEC 13818-1, Table
 * 2-3).
 */
const DVB_TABLES: readonly { readonly pid: number; readonly first: number; readonly last: number }[] = [
  { pid: 0x10, first: 0x40, last: 0x41 },
  { pid: 0x11, first: 0x42, last: 0x4a },
  { pid: 0x12, first: 0x4e, last: 0x6f },
];

class Assembly {
  readonly bytes = new Uint8Array(MAX_SECTION);
  length = 0;
  /**
   * A section begins at an announced start or right after another section. Other bytes are skipped.
   */
  open = false;
  /** The current section began in a packet that is counted as damaged, or right after a loss. */
  excused = false;
  /** Errors found before a table proved that this PID carries tables; −1 from then on. */
  unproved = -1;
  /** The newest PAT names it. */
  named = false;
  /** A PMT names this PID as something else than tables. */
  ignored = false;

  constructor(
    readonly pid: number,
    /** Table ids that prove a DVB PID. */
    readonly first: number,
    readonly last: number,
  ) {}
}

/**
 * Assembles sections on the PIDs that carry tables (the PAT names them) and checks the CRC-32 of
 * each. One damage is one error: a packet counts at most one, and a section that began in a packet
 * with an error counts none.
 */
export class SectionChecker {
  crcErrors = 0;
  sections = 0;
  private readonly assemblies = new Map<number, Assembly>();
  private readonly programs = new ProgramMap();
  private packetHasError = false;
  /** The PID of the previous packet, if that packet counted an error. */
  private lastError: Assembly | undefined;

  constructor() {
    for (const pid of [PAT_PID, CAT_PID]) this.assemblies.set(pid, new Assembly(pid, 0, 0));
    for (const { pid, first, last } of DVB_TABLES) {
      const assembly = new Assembly(pid, first, last);
      assembly.unproved = 0;
      this.assemblies.set(pid, assembly);
    }
  }

  /** Begins the next packet. */
  beginPacket(): void {
    this.lastError = undefined;
  }

  /** Packets are missing: the section that had begun cannot be judged. */
  interrupt(pid: number): void {
    const assembly = this.assemblies.get(pid);
    if (assembly !== undefined) close(assembly);
  }

  /**
   * Sync was lost: no section that had begun can be judged. An error of the previous packet is
   * already counted as the loss of sync.
   */
  interruptAll(): void {
    for (const assembly of this.assemblies.values()) close(assembly);
    const { lastError } = this;
    if (lastError === undefined) return;
    if (lastError.unproved < 0) this.crcErrors--;
    else lastError.unproved--;
    this.lastError = undefined;
  }

  /**
   * Takes the payload of the next packet. `afterLoss`: packets before it were lost, so its start is
   * uncertain.
   */
  payload(pid: number, starts: boolean, afterLoss: boolean, data: Uint8Array, from: number, to: number): void {
    const assembly = this.assemblies.get(pid);
    if (assembly === undefined || assembly.ignored || from >= to) return;
    this.packetHasError = afterLoss;
    if (!starts) {
      if (assembly.open) this.collect(assembly, data, from, to);
      return;
    }
    const begin = from + 1 + data[from];
    if (begin > to) {
      this.refuse(assembly);
      return;
    }
    if (assembly.open) this.collect(assembly, data, from + 1, begin);
    // A new section starts before the length of this one is reached: one of the two is wrong.
    if (assembly.open && assembly.length > 0) this.refuse(assembly);
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
      if (assembly.length === 0) assembly.excused = this.packetHasError;
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
      this.accept(assembly);
      assembly.length = 0;
    }
  }

  /**
   * After a damaged section bytes are skipped until a start is announced: one fault, not one per
   * byte.
   */
  private refuse(assembly: Assembly): void {
    const counted = !this.packetHasError && !(assembly.open && assembly.length > 0 && assembly.excused);
    close(assembly);
    if (!counted) return;
    this.packetHasError = true;
    this.lastError = assembly;
    if (assembly.unproved < 0) this.crcErrors++;
    else assembly.unproved++;
  }

  private accept(assembly: Assembly): void {
    const { bytes, length } = assembly;
    if (bytes[0] >= assembly.first && bytes[0] <= assembly.last && hasCrc(bytes)) this.prove(assembly);
    if (bytes[0] === PAT_TABLE && assembly.pid === PAT_PID) this.learn(bytes, length);
    else if (bytes[0] === PMT_TABLE && assembly.named) this.unlearn(elementaryPids(bytes, length));
  }

  /** Takes over the PIDs that this PAT names, and drops those that only an older one named. */
  private learn(bytes: Uint8Array, length: number): void {
    if (!this.programs.take(bytes, length)) return;
    const tables = this.programs.tables();
    for (const assembly of Array.from(this.assemblies.values())) {
      if (assembly.named && !tables.includes(assembly.pid)) this.forget(assembly);
    }
    for (const pid of tables) this.follow(pid);
  }

  private follow(pid: number): void {
    if (pid === PAT_PID || pid === CAT_PID) return;
    let assembly = this.assemblies.get(pid);
    if (assembly === undefined) {
      if (this.assemblies.size >= MAX_TABLE_PIDS) return;
      assembly = new Assembly(pid, 0, 0);
      this.assemblies.set(pid, assembly);
    }
    assembly.named = true;
    assembly.ignored = false;
    this.prove(assembly);
  }

  private forget(assembly: Assembly): void {
    if (assembly.last === 0) this.assemblies.delete(assembly.pid);
    assembly.named = false;
    assembly.unproved = 0;
    close(assembly);
  }

  /** The PID carries tables, so the errors found so far count. */
  private prove(assembly: Assembly): void {
    if (assembly.unproved < 0) return;
    this.crcErrors += assembly.unproved;
    assembly.unproved = -1;
  }

  /** A PMT names them as video, audio or data: they carry no DVB tables. */
  private unlearn(pids: readonly number[]): void {
    for (const { pid } of DVB_TABLES) {
      const assembly = this.assemblies.get(pid);
      if (assembly === undefined || assembly.named || !pids.includes(pid)) continue;
      assembly.ignored = true;
      assembly.unproved = 0;
      close(assembly);
    }
  }
}

function close(assembly: Assembly): void {
  assembly.open = false;
  assembly.length = 0;
}

function hasCrc(bytes: Uint8Array): boolean {
  return (bytes[1] & 0x80) !== 0;
}

/**
 * Only sections of the long form carry a CRC; PAT, CAT and PMT always have that form (ISO/IEC
 * 13818-1, 2.4.4).
 */
function isSound({ bytes, length }: Assembly): boolean {
  const table = bytes[0];
  if (table === STUFFING_TABLE) return true;
  if (!hasCrc(bytes)) return table > LAST_PSI_TABLE;
  return length >= 12 && crc32Mpeg(bytes, 0, length) === 0;
}

function wholeLength(bytes: Uint8Array): number {
  return 3 + (((bytes[1] & 0x0f) << 8) | bytes[2]);
}
