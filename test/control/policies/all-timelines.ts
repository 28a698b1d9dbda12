import type { Timeline } from "./timeline.js";
import { awsTimelines } from "./timelines/aws.js";
import { defaultsTimelines } from "./timelines/defaults.js";
import { hpaTimelines } from "./timelines/hpa.js";
import { hpaRules } from "./timelines/hpa-rules.js";
import { jitsiTimelines } from "./timelines/jitsi.js";
import { kedaTimelines } from "./timelines/keda.js";
import { kpaTimelines } from "./timelines/kpa.js";
import { ownTimelines } from "./timelines/own.js";
import { phpaTimelines } from "./timelines/phpa.js";
import { vectorTimelines } from "./timelines/vectors.js";

export const allTimelines: readonly Timeline[] = [
  ...vectorTimelines,
  ...hpaTimelines,
  ...hpaRules,
  ...kpaTimelines,
  ...kedaTimelines,
  ...awsTimelines,
  ...phpaTimelines,
  ...jitsiTimelines,
  ...ownTimelines,
  ...defaultsTimelines,
];
