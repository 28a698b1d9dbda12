type Keys = Readonly<Record<string, unknown>>;

interface DrawnFleet extends Keys {
  readonly regions: readonly Keys[];
  readonly streamlet: Keys | readonly Keys[];
}

/** Takes out what was drawn but changes nothing beside the rest: a scenario is refused for it. */
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
      warmStart: fleet.warmPool === undefined || fleet.warmPool === 0 ? undefined : fleet.warmStart,
      streamlet: [fleet.streamlet]
        .flat()
        .map((one) => without(one as Keys, balancer === "weighted-round-robin" ? [] : ["weight"])),
      scaleIn: without((fleet.scaleIn ?? {}) as Keys, givenByAll(policies)),
    },
    faults: liveFaults((document.faults ?? {}) as Keys, isHosted),
    routing: fleet.regions.length > 1 ? routing : undefined,
    policies: cost === undefined ? policies.map(withoutPrice) : policies,
    cost: cost === undefined ? undefined : { ...prices, ...(isHosted ? { hostHour } : {}) },
  };
  // What is undefined is not written.
  return JSON.parse(JSON.stringify(kept)) as Record<string, unknown>;
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
