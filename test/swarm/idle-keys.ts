type Keys = Readonly<Record<string, unknown>>;

interface DrawnFleet extends Keys {
  readonly regions: readonly Keys[];
  readonly streamlet: Keys | readonly Keys[];
}

/**
 * Removes drawn keys that have no effect beside the others: a scenario with such a key is
 * refused.
 */
export function withoutIdleKeys(document: Keys): Record<string, unknown> {
  const { balancer, routing, cost } = document;
  const fleet = document.fleet as DrawnFleet;
  const policies = document.policies as readonly Keys[];
  const isHosted = fleet.regions.some((region) => region.hosts !== undefined);
  const { hostHour, ...prices } = (cost ?? {}) as Keys;
  const kept = {
    ...document,
    fleet: {
      ...fleet,
      regions: livingRegions(fleet, policies),
      warmStart: fleet.warmPool === undefined || fleet.warmPool === 0 ? undefined : fleet.warmStart,
      streamlet: [fleet.streamlet]
        .flat()
        .map((one) => without(one as Keys, balancer === "weighted-round-robin" ? [] : ["weight"])),
      scaleIn: without((fleet.scaleIn ?? {}) as Keys, givenByAll(policies)),
    },
    faults: liveFaults((document.faults ?? {}) as Keys, isHosted),
    slo: livingSlo(document),
    reconnect: livingReconnect(document.reconnect as Keys | undefined),
    routing: fleet.regions.length > 1 ? routing : undefined,
    policies: cost === undefined ? policies.map(withoutPrice) : policies,
    cost: cost === undefined ? undefined : { ...prices, ...(isHosted ? { hostHour } : {}) },
  };
  // What is undefined is not written.
  return JSON.parse(JSON.stringify(kept)) as Record<string, unknown>;
}

/**
 * Elastic hosts only if a streamlet takes a part of one; room for the streamlets at the start.
 */
function livingRegions({ regions, streamlet }: DrawnFleet, policies: readonly Keys[]): readonly Keys[] {
  const units = policies.flatMap(({ unit }) => (unit === undefined ? [] : [unit as Keys]));
  const takes = [...([streamlet].flat() as Keys[]), ...units].some((one) =>
    ["cpu", "memory", "network"].some((key) => one[key] !== undefined),
  );
  const least = Math.max(0, ...policies.flatMap(({ min, count }) => [Number(min ?? 0), Number(count ?? 0)]));
  const hasRoom = regions.some(({ max }) => max === undefined || Number(max) >= least);
  return regions.map((region) => {
    const hosts = region.hosts as Keys | number | undefined;
    const fixed = typeof hosts === "object" && !takes ? { hosts: hosts.min } : {};
    return { ...without(region, hasRoom ? [] : ["max"]), ...fixed };
  });
}

/** Removes bounds of the start latency that patience or the window always keeps. */
function livingSlo({ slo, streams, duration, warmup }: Keys): Keys | undefined {
  if (slo === undefined) return undefined;
  const { patience } = streams as Keys;
  const windowS = Number.parseFloat(String(duration)) - Number.parseFloat(String(warmup ?? 0));
  const longestS = Math.min(windowS, longestOf(patience));
  const boundS = Number.parseFloat(String((slo as Keys).startLatencyP99)) / 1000;
  return without(slo as Keys, boundS < longestS ? [] : ["startLatencyP99"]);
}

/** No pause above the longest one. */
function livingReconnect(reconnect: Keys | undefined): Keys | undefined {
  if (reconnect === undefined) return undefined;
  const seconds = (text: unknown): number => Number.parseFloat(String(text)) / (String(text).endsWith("ms") ? 1000 : 1);
  return without(reconnect, seconds(reconnect.backoff) > seconds(reconnect.max) ? ["max"] : []);
}

/** The longest time of a law in seconds, as the swarm writes laws. */
function longestOf(law: unknown): number {
  if (law === undefined || law === "infinite") return Number.POSITIVE_INFINITY;
  if (typeof law === "string") return Number.parseFloat(law);
  const { kind, value, values } = law as Keys;
  if (kind === "constant") return Number.parseFloat(String(value));
  if (kind !== "empirical") return Number.POSITIVE_INFINITY;
  return Math.max(...(values as readonly string[]).map((one) => Number.parseFloat(one)));
}

/** The keys of `scaleIn` that every policy gives itself. */
function givenByAll(policies: readonly Keys[]): string[] {
  return ["victims", "undrain", "lazy"].filter((key) =>
    policies.every(({ scaleIn }) => (scaleIn as Keys | undefined)?.[key] !== undefined),
  );
}

function liveFaults(faults: Keys, isHosted: boolean): Keys {
  if (!isHosted) return without(faults, ["hostMtbf", "hostRepair"]);
  return without(faults, faults.hostMtbf === undefined ? ["hostRepair"] : []);
}

function withoutPrice({ unit, ...policy }: Keys): Keys {
  return unit === undefined ? policy : { ...policy, unit: without(unit as Keys, ["streamletHour"]) };
}

function without(keys: Keys, names: readonly string[]): Keys {
  return Object.fromEntries(Object.entries(keys).filter(([key]) => !names.includes(key)));
}
