import { type Area, Cells } from "../cells/cells.js";
import { wrapped } from "../cells/char-width.js";
import { Bold } from "../cells/style.js";
import type { BoxName } from "../state/ui-state.js";
import { footer, header } from "./bars.js";
import { decisionsView } from "./decisions-view.js";
import { demandView, stackedCharts } from "./demand-view.js";
import { forecastView } from "./forecast-view.js";
import { helpView } from "./help-view.js";
import { latencyView } from "./latency-view.js";
import { layoutOf } from "./layout.js";
import { lossesView } from "./losses-view.js";
import { poolsView } from "./pools-view.js";
import type { Scene } from "./scene.js";
import { streamletsView } from "./streamlets-view.js";
import { whyView } from "./why-view.js";

/** Below this nothing readable fits. */
const LEAST_WIDTH = 40;
const LEAST_HEIGHT = 10;

const VIEWS: Readonly<Record<BoxName, (cells: Cells, area: Area, scene: Scene) => void>> = {
  demand: demandView,
  pools: poolsView,
  streamlets: streamletsView,
  latency: latencyView,
  forecast: forecastView,
  decisions: decisionsView,
  losses: lossesView,
};

/** A whole frame of this size. The same scene gives the same cells. */
export function frameOf(scene: Scene, width: number, height: number): Cells {
  const cells = new Cells(width, height);
  if (width < LEAST_WIDTH || height < LEAST_HEIGHT) {
    const lines = wrapped(`q quits. ${LEAST_WIDTH} × ${LEAST_HEIGHT} cells are needed`, width);
    lines.forEach((line, y) => {
      cells.text(0, y, line, Bold);
    });
    return cells;
  }
  const body = bodyOf(width, height);
  const { boxes, hidden } = layoutOf(body, scene.ui, stackedCharts(scene, width));
  header(cells, 0, scene);
  if (scene.ui.overlay.kind === "help") helpView(cells, body, scene, scene.ui.overlay.page);
  else if (scene.ui.overlay.kind === "why") whyView(cells, body, scene);
  else for (const { name, area } of boxes) VIEWS[name](cells, area, scene);
  footer(cells, height - 1, scene, hidden);
  return cells;
}

/** The room between the header and the footer. */
export function bodyOf(width: number, height: number): Area {
  return { x: 0, y: 1, width, height: height - 2 };
}

/** Plain text, row by row: no information is in colour alone. */
export function frameText(cells: Cells): string {
  return Array.from({ length: cells.height }, (_, y) => cells.row(y).trimEnd()).join("\n");
}
