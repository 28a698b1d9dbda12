import type { Timeline } from "./timeline.js";
import { awsTimelines } from "./timelines/aws.js";
import { defaultsTimelines } from "./timelines/defaults.js";
import { hpaTimelines } from "./timelines/hpa.js";
import { kedaTimelines } from "./timelines/keda.js";
import { kpaTimelines } from "./timelines/kpa.js";
import { jitsiTimelines, ownTimelines, phpaTimelines } from "./timelines/others.js";
import { vectorTimelines } from "./timelines/vectors.js";

export const allTimelines: readonly Timeline[] = [
  ...vectorTimelines,
  ...hpaTimelines,
  ...kpaTimelines,
  ...kedaTimelines,
  ...awsTimelines,
  ...phpaTimelines,
  ...jitsiTimelines,
  ...ownTimelines,
  ...defaultsTimelines,
];
