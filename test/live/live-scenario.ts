/** What the scenarios of live tests differ in; each value is YAML text. */
interface LiveScenario {
  readonly name: string;
  readonly duration?: string;
  readonly rate?: string;
  /** The mean of an exponential holding time. */
  readonly holding?: string;
  readonly patience?: string;
  /** What streams there are; one pool of MPEG-TS if left out. */
  readonly mix?: string;
  readonly regions?: string;
  readonly slots?: number;
  readonly formats?: string;
  /** Further keys of the streamlet: limits and the like. */
  readonly streamlet?: string;
  readonly max: number;
  readonly restart?: string;
  /** Further lines of the scenario. */
  readonly more?: readonly string[];
  /** One or several, as a list in one line. */
  readonly policies: string;
}

/**
 * The text of a scenario for real processes: MPEG-TS streams whose streamlets spawn in 50 ms.
 */
export function liveScenario(parts: LiveScenario): string {
  const { name, duration = "1h", rate = "1/s", holding = "1min", slots = 4, formats = "[mpegts]", more = [] } = parts;
  const { mix = "[{region: default, format: mpegts, share: 1}]" } = parts;
  const patience = parts.patience === undefined ? "" : `, patience: {kind: constant, value: ${parts.patience}}`;
  const streamlet = parts.streamlet === undefined ? "" : ` ${parts.streamlet},`;
  return [
    `name: ${name}`,
    `duration: ${duration}`,
    `traffic: {source: poisson, rate: ${rate}, mix: ${mix}}`,
    `streams: {holding: {kind: exponential, mean: ${holding}}${patience}}`,
    "fleet:",
    ...(parts.regions === undefined ? [] : [`  regions: ${parts.regions}`]),
    `  streamlet: {slots: ${slots}, formats: ${formats},${streamlet} spawn: {kind: constant, value: 50ms}}`,
    `  max: ${parts.max}`,
    ...(parts.restart === undefined ? [] : [`  restart: ${parts.restart}`]),
    ...more,
    `policies: ${parts.policies}`,
    "",
  ].join("\n");
}
