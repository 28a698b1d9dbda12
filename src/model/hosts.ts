/** One machine: its free resources and its streamlets. */
export class Host {
  cpuFree: number;
  memoryFreeBytes: number;
  bitsFree: number;
  up = true;
  /** Takes no new streamlet: it will be removed. */
  cordoned = false;
  /** Removed for good; events scheduled for it have no effect. */
  removed = false;
  spawning = 0;
  /**
   * Cores and bits/s in use: the sum of min(demand, cap) over the streamlets. Above the host's
   * capacity all its streams degrade.
   */
  cpuDemand = 0;
  bitsDemand = 0;
  overloadedUntilMs = Number.NEGATIVE_INFINITY;
  /** Slots of the streamlets on it. */
  readonly streamlets = new Set<number>();

  constructor(
    readonly index: number,
    readonly region: number,
    readonly spec: HostSpec,
  ) {
    this.cpuFree = spec.cpu * spec.cpuOvercommit;
    this.memoryFreeBytes = spec.memoryBytes;
    this.bitsFree = spec.bitsPerSecond;
  }
}

export interface HostSpec {
  readonly cpu: number;
  readonly memoryBytes: number;
  readonly bitsPerSecond: number;
  readonly cpuOvercommit: number;
}

/** Caps that a streamlet reserves on its host. Infinity (no cap) reserves nothing. */
export interface Reservation {
  readonly cpu: number;
  readonly memoryBytes: number;
  readonly bitsPerSecond: number;
}

/** The machines of one region, and where the next streamlet goes. */
export class HostGroup {
  readonly hosts: Host[] = [];

  constructor(
    private readonly region: number,
    count: number,
    private readonly spec: HostSpec,
    private readonly placement: "best-fit" | "spread",
  ) {
    for (let i = 0; i < count; i++) this.hosts.push(new Host(i, region, spec));
  }

  /** One more host; it takes streamlets once it is up. */
  add(index: number): Host {
    const host = new Host(index, this.region, this.spec);
    host.up = false;
    this.hosts.push(host);
    return host;
  }

  remove(host: Host): void {
    this.hosts.splice(this.hosts.indexOf(host), 1);
  }

  /**
   * The host for one more streamlet: best fit takes the fullest with room, spread the emptiest.
   * Undefined if none has room.
   */
  place(need: Reservation): Host | undefined {
    let best: Host | undefined;
    let bestFree = 0;
    for (const host of this.hosts) {
      if (!host.up || host.cordoned || !fits(host, need)) continue;
      const free = freeShare(host);
      const better = this.placement === "best-fit" ? free < bestFree : free > bestFree;
      if (best === undefined || better) {
        best = host;
        bestFree = free;
      }
    }
    return best;
  }
}

export function reserve(host: Host, need: Reservation): void {
  if (need.cpu !== Number.POSITIVE_INFINITY) host.cpuFree -= need.cpu;
  if (need.memoryBytes !== Number.POSITIVE_INFINITY) host.memoryFreeBytes -= need.memoryBytes;
  if (need.bitsPerSecond !== Number.POSITIVE_INFINITY) host.bitsFree -= need.bitsPerSecond;
}

export function release(host: Host, need: Reservation): void {
  if (need.cpu !== Number.POSITIVE_INFINITY) host.cpuFree += need.cpu;
  if (need.memoryBytes !== Number.POSITIVE_INFINITY) host.memoryFreeBytes += need.memoryBytes;
  if (need.bitsPerSecond !== Number.POSITIVE_INFINITY) host.bitsFree += need.bitsPerSecond;
}

/** Slack for binary fractions: 80 caps of 0.1 cores must fit on a host of 8 cores. */
const SLACK = 1e-9;

function fits(host: Host, need: Reservation): boolean {
  return (
    (need.cpu === Number.POSITIVE_INFINITY || need.cpu <= host.cpuFree + SLACK) &&
    (need.memoryBytes === Number.POSITIVE_INFINITY || need.memoryBytes <= host.memoryFreeBytes) &&
    (need.bitsPerSecond === Number.POSITIVE_INFINITY || need.bitsPerSecond <= host.bitsFree)
  );
}

/** Share of an empty host that a streamlet takes, of its scarcest resource. 0 without limits. */
export function shareOf(spec: HostSpec, need: Reservation): number {
  return Math.max(...sharesOf(spec, need));
}

/** The same by resource: CPU, memory, network. */
export function sharesOf(spec: HostSpec, need: Reservation): readonly number[] {
  const share = (part: number, whole: number): number => (part === Number.POSITIVE_INFINITY ? 0 : part / whole);
  return [
    share(need.cpu, spec.cpu * spec.cpuOvercommit),
    share(need.memoryBytes, spec.memoryBytes),
    share(need.bitsPerSecond, spec.bitsPerSecond),
  ];
}

/** The scarcest resource decides how full a host is. */
function freeShare(host: Host): number {
  const { spec } = host;
  const cpu = spec.cpu === Number.POSITIVE_INFINITY ? 1 : host.cpuFree / (spec.cpu * spec.cpuOvercommit);
  const memory = spec.memoryBytes === Number.POSITIVE_INFINITY ? 1 : host.memoryFreeBytes / spec.memoryBytes;
  const bits = spec.bitsPerSecond === Number.POSITIVE_INFINITY ? 1 : host.bitsFree / spec.bitsPerSecond;
  return Math.min(cpu, memory, bits);
}
