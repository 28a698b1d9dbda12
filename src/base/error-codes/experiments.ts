/** HR16xx to HR18xx: runs that do not fit, plans, sweeps, gates and forecasts. */
export const experimentErrors = {
  HR1601: {
    cause: "A run needs more memory, streams or events than the bound.",
    cure: "Lower the rate or the holding time, or bound the fleet and the waiting room.",
  },
  HR1602: {
    cause: "A plan or a sweep has more combinations than the bound.",
    cure: "Use fewer values or larger steps.",
  },
  HR1701: { cause: "A gate has no baseline yet.", cure: "Write one with `headrace check --update --reason TEXT`." },
  HR1702: {
    cause: "A gate and its baseline differ in world or metrics.",
    cure: "Accept the new world with `headrace check --update --reason TEXT`.",
  },
  HR1703: { cause: "A comparison has too few replications.", cure: "Give at least 2, better 10." },
  HR1704: { cause: "Two results are of different policies.", cure: "Simulate both with the same policies." },
  HR1705: {
    cause: "A plan is to survive a failure that cannot happen in the scenario, or that nothing survives.",
    cure: "Correct plan.survive as the message says.",
  },
  HR1706: { cause: "A plan has nothing to choose, or the same variable twice.", cure: "Correct plan.variables." },
  HR1707: { cause: "A plan has no demand to serve.", cure: "Check traffic, its start and its end." },
  HR1708: {
    cause: "A run of a sweep failed, or one run ended several workers of a queue.",
    cure: "Correct its point, continue without it with --keep-going, or give the workers more memory.",
  },
  HR1709: { cause: "Folders hold no run of the sweep.", cure: "Name folders that this sweep wrote." },
  HR1710: {
    cause: "The Redis server of a queue does not answer, or may lose jobs.",
    cure: "Start it, or set noeviction.",
  },
  HR1711: {
    cause: "An attack does not name two different policies, or names several at once.",
    cure: "Name the policy and its baseline by their names in the scenario.",
  },
  HR1712: {
    cause: "An attack is on a scenario without an SLO.",
    cure: "Give the scenario an slo: the service level to keep.",
  },
  HR1713: {
    cause: "A manifest cannot be compared with the plan: it is not of the kind of the plan's policy.",
    cure: "Plan with a policy of the manifest's kind, such as hpa, or leave --patch out.",
  },
  HR1714: {
    cause: "The machine of a worker does not have a policy or balancer module, or has another text of it.",
    cure: "Share the folder of the modules with all workers.",
  },
  HR1715: {
    cause: "An attack had nothing to run: every world that it made of the scenario is too large, or is refused.",
    cure: "Shorten the scenario or lower its traffic as the message says, or raise fleet.max.",
  },
  HR1716: {
    cause: "A gate is to accept the figures of a policy that failed at its decisions.",
    cure: "Mend the policy's module, or name the policy in --reason.",
  },
  HR1801: { cause: "The folder of a forecasting bench is not complete.", cure: "Compare it with docs/forecasting.md." },
  HR1802: {
    cause: "A history of arrivals has bins of another width.",
    cure: "Name another folder, or move the history away.",
  },
  HR1803: {
    cause: "An optional package is missing or does not start: TensorFlow.js, bullmq or date-holidays.",
    cure: "Install what the message names. Only the LSTM, queues and --holidays need them.",
  },
} as const;
