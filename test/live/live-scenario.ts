/** What the scenarios of live tests differ in; each value is YAML text. */
interface LiveScenario {
  readonly name: string;
  readonly duration?: string;
  readonly rate?: string;
  /** The mean of an exponential holding time. */
  readonly holding?: string;
  readonly patience?: string;
  readonly slots?: number;
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
 * The text of a scenario for real processes: MPEG-TS streams in one pool whose spawns take 50 ms.
 */
export function liveScenario(parts: LiveScenario): string {
  const { name, duration = "1h", rate = "1/s", holding = "1min", slots = 4, more = [] } = parts;
  const patience = parts.patience === undefined ? "" : `, patience: {kind: constant, value: ${parts.patience}}`;
  const streamlet = parts.streamlet === undefined ? "" : ` ${parts.streamlet},`;
  return [
    `name: ${name}`,
    `duration: ${duration}`,
    `traffic: {source: poisson, rate: ${rate}, mix: [{region: default, format: mpegts, share: 1}]}`,
    `streams: {holding: {kind: exponential, mean: ${holding}}${patience}}`,
    "fleet:",
    `  streamlet: {slots: ${slots}, formats: [mpegts],${streamlet} spawn: {kind: constant, value: 50ms}}`,
    `  max: ${parts.max}`,
    ...(parts.restart === undefined ? [] : [`  restart: ${parts.restart}`]),
    ...more,
    `policies: ${parts.policies}`,
    "",
  ].join("\n");
}
