import type { AttackDocument } from "../../experiment/attack/attack-document.js";
import { formatInterval } from "../numbers.js";

/** Reasons shown on the terminal. */
const MOST_REASONS = 12;

/** What the terminal shows of an attack. */
export function attackText(document: AttackDocument): string {
  const { sentence, sides, removed, coverage, scenario } = document;
  const lines = [sentence];
  if (scenario !== null) {
    lines.push("", "On seeds that the search never used:");
    for (const { policy, met, of, excess, cost, turnsPerHour } of sides) {
      const figures = [
        `SLO met in ${met} of ${of}`,
        `exceeded ${formatInterval(excess.mean, excess.halfWidth)} times`,
        `cost ${formatInterval(cost.mean, cost.halfWidth)}`,
        `${formatInterval(turnsPerHour.mean, turnsPerHour.halfWidth)} turns an hour`,
      ];
      lines.push(`  ${policy}: ${figures.join(", ")}`);
    }
  }
  const reasons = coverage.reasons.slice(0, MOST_REASONS).join(", ");
  const more = coverage.reasons.length > MOST_REASONS ? ` and ${coverage.reasons.length - MOST_REASONS} more` : "";
  lines.push(
    "",
    `Searched: ${coverage.worlds} worlds in ${coverage.runs} runs, ` +
      `${coverage.refused} refused; ${coverage.features} features reached.`,
    `Reasons of ${document.policy} that were reached: ${reasons === "" ? "none" : reasons}${more}.`,
  );
  if (removed.length > 0) lines.push(`Made smaller in ${removed.length} steps: ${removed.join(", ")}.`);
  if (scenario !== null) lines.push("", `Replay: headrace simulate ${scenario}`);
  return lines.join("\n");
}
