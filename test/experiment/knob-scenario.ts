import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InputError } from "../../src/base/errors.js";
import { readScenario } from "../../src/experiment/scenario-file.js";
import type { PolicySpec } from "../../src/world/scenario/policy-spec.js";

/** A folder with a scenario of one policy, and with the files that the policy names. */
export class KnobScenario {
  private readonly folder = mkdtempSync(join(tmpdir(), "headrace-knobs-"));

  dispose(): void {
    rmSync(this.folder, { recursive: true });
  }

  /** Writes a file beside the scenario. */
  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  /** The policy as it is read. It stands in line 7 and begins in column 5. */
  async read(policy: string): Promise<PolicySpec> {
    const lines = [
      "name: knobs",
      "duration: 1h",
      "traffic: {source: poisson, rate: 1/s}",
      "streams: {holding: {kind: exponential, mean: 1min}}",
      "fleet: {streamlet: {slots: 8}, max: 50}",
      "policies:",
      `  - ${policy}`,
    ];
    this.write("scenario.yaml", `${lines.join("\n")}\n`);
    return (await readScenario(join(this.folder, "scenario.yaml"))).policies[0];
  }

  /** The message with which the policy is refused, without the folder. */
  async refusal(policy: string): Promise<string> {
    const error = await this.read(policy).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!(error instanceof InputError)) throw new Error(`"${policy}" was not refused but gave ${error}`);
    return error.message.replaceAll(this.folder, "");
  }
}
