/** One change of one file: new text, or a replacement of the first match. */
export interface Edit {
  readonly file: string;
  readonly find?: string | RegExp;
  readonly put: string;
}

const policy: readonly Edit[] = [
  {
    file: "src/control/policies/thirds.ts",
    put: `import type { FleetObservation, Policy, ScaleDecision } from "../../ports/policy.js";

export const thirdsReasons = ["a-third-spare"] as const;

export function createThirds(): Policy {
  return {
    decide: (observation: FleetObservation): ScaleDecision =>
      observation.pools.map((pool) => ({
        desired: Math.min(Math.max(Math.ceil((pool.open * 1.5) / pool.slots), pool.min), pool.max),
        reason: thirdsReasons[0],
      })),
  };
}
`,
  },
  {
    file: "src/control/policies/kinds/thirds.ts",
    put: `import { createThirds, thirdsReasons } from "../thirds.js";
import { staticKind } from "./static.js";
import type { PolicyKind } from "./policy-kind.js";

export const thirdsKind: PolicyKind = {
  kind: "thirds",
  create: createThirds,
  knobs: {},
  runs: staticKind.runs,
  reasons: thirdsReasons,
  aggressiveness: staticKind.aggressiveness,
  within: [],
  docs: { imitates: "nobody", source: "a test", constants: "–", decides: "every 15 s", metricsAge: "0 s" },
};
`,
  },
  {
    file: "src/ports/reasons.ts",
    find: "export const decisionReasons = {\n",
    put: 'export const decisionReasons = {\n  "a-third-spare": "A third of the slots is kept spare.",\n',
  },
  {
    file: "src/control/policies/registry.ts",
    find: "    hybridKind,\n",
    put: "    hybridKind,\n    thirdsKind,\n",
  },
  {
    file: "src/control/policies/registry.ts",
    find: 'import { staticKind } from "./kinds/static.js";\n',
    put: 'import { staticKind } from "./kinds/static.js";\nimport { thirdsKind } from "./kinds/thirds.js";\n',
  },
];

const balancer: readonly Edit[] = [
  {
    file: "src/control/balancers/first.ts",
    put: `import type { Balancer, Candidates, StreamletView } from "../../ports/balancer.js";
import type { StreamRequest } from "../../ports/fleet.js";

export class First implements Balancer {
  pick(_request: StreamRequest, candidates: Candidates): StreamletView | undefined {
    return candidates.pool(0).available[0];
  }
}
`,
  },
  { file: "src/control/balancers/built-in.ts", find: '  "packing",\n', put: '  "packing",\n  "first",\n' },
];

/** The edits that the compiler asks for once the kind is in the list. */
export const balancerCase: readonly Edit[] = [
  {
    file: "src/world/scenario/sections/balancer.ts",
    find: "  packing: {",
    put: '  first: { about: "the first that is free", knobs: {} },\n  packing: {',
  },
  {
    file: "src/control/balancers/built-in.ts",
    find: "      return new Packing();\n",
    put: '      return new Packing();\n    case "first":\n      return new First();\n',
  },
  {
    file: "src/control/balancers/built-in.ts",
    find: "import { LeastConnections }",
    put: 'import { First } from "./first.js";\nimport { LeastConnections }',
  },
];

const format: readonly Edit[] = [
  {
    file: "src/live/formats/decoders/plain.ts",
    put: `import type { CreateWriter, Decoder } from "../format.js";

export function createDecoder(): Decoder {
  let bytes = 0;
  return {
    push: (chunk) => {
      bytes += chunk.length;
    },
    end: () => {},
    quality: () => ({ units: bytes, unrecognised: false, bytes, errors: {}, errorCount: 0, jitterMs: 0 }),
  };
}

export async function loadWriter(): Promise<CreateWriter> {
  return () => ({ unitBytes: 1, take: (count) => new Uint8Array(count) });
}
`,
  },
];

const faultSection = "src/world/scenario/sections/faults.ts";
const fault: readonly Edit[] = [
  {
    file: faultSection,
    find: "  readonly spawnFailure: number;",
    put: "  readonly spawnStall: number;\n  readonly spawnFailure: number;",
  },
  {
    file: faultSection,
    find: "  spawnFailure: z.",
    put: "  spawnStall: z.number().min(0).max(1).default(0),\n  spawnFailure: z.",
  },
  { file: faultSection, find: "    spawnFailure: 0,", put: "    spawnStall: 0,\n    spawnFailure: 0," },
  {
    file: faultSection,
    find: "    spawnFailure: written.",
    put: "    spawnStall: written.spawnStall,\n    spawnFailure: written.",
  },
  {
    file: faultSection,
    find: "      ...(faults.spawnFailure > 0",
    put: '      ...(faults.spawnStall > 0 ? ["some spawns stall for 1 s"] : []),\n      ...(faults.spawnFailure > 0',
  },
  {
    file: "src/model/fleet-spec.ts",
    find: "  readonly spawnFailure: number;",
    put: "  readonly spawnStall: number;\n  readonly spawnFailure: number;",
  },
  {
    file: "src/model/sim-fleet.ts",
    find: "      streamlet.spawnMs = spec.spawn.sample(this.random.spawn);\n",
    put:
      "      streamlet.spawnMs = spec.spawn.sample(this.random.spawn);\n" +
      "      if (this.random.spawn.uniform() < this.spec.spawnStall) streamlet.spawnMs += 1000;\n",
  },
  {
    file: "src/live/run/live-faults.ts",
    find: "    if (this.faults.spawnFailure > 0",
    put: "    if (this.random.uniform() < this.faults.spawnStall) return;\n    if (this.faults.spawnFailure > 0",
  },
];

/** One more of each kind that ARCHITECTURE.md has a list for. */
export const additions: Readonly<Record<string, readonly Edit[]>> = { policy, balancer, format, fault };
