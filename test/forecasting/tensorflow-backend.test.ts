import { describe, expect, it } from "vitest";
import { InputError } from "../../src/base/errors.js";
import { openTensorflow } from "../../src/forecasting/tensorflow-backend.js";

const PACKAGES = {
  node: "@tensorflow/tfjs-node",
  wasm: "@tensorflow/tfjs-backend-wasm",
  cpu: "@tensorflow/tfjs-backend-cpu",
};

/** Stand-ins for the packages: those named are installed, and those of `broken` do not start. */
function standIns(installed: readonly (keyof typeof PACKAGES)[], broken: readonly string[] = []) {
  const loaded: string[] = [];
  const core = {
    setBackend: (name: string) => Promise.resolve(!broken.includes(name)),
    ready: () => Promise.resolve(),
  };
  const load = (name: string): Promise<unknown> => {
    loaded.push(name);
    if (name === "node:util") return Promise.resolve({ default: {} });
    const packageName = Object.entries(PACKAGES).find(([, one]) => one === name)?.[0];
    if (packageName !== undefined && !(installed as readonly string[]).includes(packageName))
      return Promise.reject(new Error(`Cannot find package '${name}'`));
    return Promise.resolve(name === "@tensorflow/tfjs-core" ? core : {});
  };
  return { load, loaded };
}

describe("the backend of TensorFlow.js", () => {
  it("is tfjs-node where that is installed, else WebAssembly, else plain JavaScript", async () => {
    const order = async (...installed: (keyof typeof PACKAGES)[]): Promise<string> =>
      (await openTensorflow(undefined, standIns(installed).load)).name;
    expect(await order("node", "wasm", "cpu")).toBe("node");
    expect(await order("wasm", "cpu")).toBe("wasm");
    expect(await order("cpu")).toBe("cpu");
  });

  it("goes on to the next one where one is installed but does not start", async () => {
    const { load } = standIns(["node", "wasm", "cpu"], ["tensorflow", "wasm"]);
    expect((await openTensorflow(undefined, load)).name).toBe("cpu");
  });

  it("loads nothing of the others when one is wanted", async () => {
    const { load, loaded } = standIns(["node", "wasm", "cpu"]);
    expect((await openTensorflow("cpu", load)).name).toBe("cpu");
    expect(loaded).not.toContain(PACKAGES.node);
    expect(loaded).not.toContain(PACKAGES.wasm);
  });

  it("gives Node back, before tfjs-node is loaded, the utility that it needs and that Node 23 removed", async () => {
    const { load, loaded } = standIns(["node"]);
    await openTensorflow("node", load);
    expect(loaded.indexOf("node:util")).toBeLessThan(loaded.indexOf(PACKAGES.node));
  });

  it("refuses an unknown name, and a wanted one that is not there, with what to do about it", async () => {
    await expect(openTensorflow("gpu")).rejects.toThrow(InputError);
    await expect(openTensorflow("node", standIns(["wasm"]).load)).rejects.toThrow(/npm install @tensorflow\/tfjs-node/);
  });

  it("really starts here: WebAssembly without being asked for, or tfjs-node where someone added it", async () => {
    const { name, tf } = await openTensorflow();
    expect(["node", "wasm"]).toContain(name);
    expect([...tf.matMul([[1, 2]], [[3], [4]]).dataSync()]).toEqual([11]);
  });
});
