import { expect, it } from "vitest";
import { Kernel } from "../../../src/kernel/kernel.js";
import { ProcessFleet } from "../../../src/live/run/process-fleet.js";
import type { FleetListener } from "../../../src/ports/fleet.js";
import { simRequest } from "../../world/hand-driven.js";

it("reports streams that a crash cut short as degraded if they had met an error, as the simulated fleet does", () => {
  const ended: string[] = [];
  const listener: FleetListener = {
    onReady() {},
    onStopped: (_id, reason) => ended.push(reason),
    onRoom() {},
    onHostLeaving() {},
    onStreamEnded: (_id, request, end, degraded) => ended.push(`${request.id} ${end} ${degraded}`),
  };
  const fleet = new ProcessFleet(new Kernel(), { launch() {}, open() {}, stop() {}, kill() {} });
  fleet.subscribe(listener);
  const [id] = fleet.launch({ pool: 0 }, 1);
  fleet.reportReady(id);
  for (const request of [1, 2, 3]) fleet.assign(id, simRequest({ atS: 0, holdS: 60 }, request));
  fleet.reportEnded(id, 3, "completed", true);
  fleet.reportStopped(id, "crashed", [2, 3]);
  expect(ended).toEqual(["3 completed true", "crashed", "1 interrupted false", "2 interrupted true"]);
});
