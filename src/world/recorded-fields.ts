import type { Recorder } from "./recorder/recorder.js";
import type { RunResult } from "./run-result.js";

type RecordedFields = Pick<
  RunResult,
  | "timeline"
  | "rejections"
  | "stops"
  | "decisionReasons"
  | "directionChanges"
  | "policyFailures"
  | "decisions"
  | "decisionDigest"
  | "trainerEvents"
>;

/** The fields that a result copies from the recorder unchanged, simulated or live. */
export function recordedFields(recorder: Recorder, endMs: number): RecordedFields {
  const { rejections, stops, log } = recorder;
  const { decisionReasons, directionChanges, policyFailures, decisions, trainerEvents } = log;
  return {
    timeline: recorder.timeline.timeline(recorder.slo?.violations()),
    ...{ rejections, stops, decisionReasons, directionChanges, decisions, trainerEvents },
    ...(policyFailures === undefined ? {} : { policyFailures }),
    decisionDigest: log.digest.record(endMs),
  };
}
