import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { InputError } from "../base/errors.js";

type Core = typeof import("@tensorflow/tfjs-core");

/** Backends, best first: libtensorflow through tfjs-node, WebAssembly, plain JavaScript. */
const BACKENDS = ["node", "wasm", "cpu"] as const;
type BackendName = (typeof BACKENDS)[number];

export interface TensorflowBackend {
  readonly name: BackendName;
  readonly tf: Core;
}

/** Loads a module by name; a test puts a stand-in here. */
export type LoadModule = (name: string) => Promise<unknown>;

const packages: Readonly<Record<BackendName, string>> = {
  node: "@tensorflow/tfjs-node",
  wasm: "@tensorflow/tfjs-backend-wasm",
  cpu: "@tensorflow/tfjs-backend-cpu",
};
/** Optional, since it takes 95 MB and only the LSTM needs it. */
export const INSTALL_TENSORFLOW =
  "npm install @tensorflow/tfjs-core@4.22 @tensorflow/tfjs-layers@4.22 @tensorflow/tfjs-backend-wasm@4.22";

/** The names that TensorFlow.js itself uses. */
const registered: Readonly<Record<BackendName, string>> = { node: "tensorflow", wasm: "wasm", cpu: "cpu" };

/**
 * Opens the requested backend, or the first that is installed and starts. tfjs-node is no
 * dependency, since its installation downloads libtensorflow from outside the registry: users
 * install it themselves. An unknown backend, or a requested one that does not start, is an
 * InputError.
 */
export async function openTensorflow(
  wanted?: string,
  load: LoadModule = (name) => import(name),
): Promise<TensorflowBackend> {
  const known = BACKENDS as readonly string[];
  if (wanted !== undefined && !known.includes(wanted))
    throw new InputError({ code: "HR1003", where: "--backend", got: `"${wanted}"`, expected: BACKENDS.join(", ") });
  const faults: string[] = [];
  for (const name of BACKENDS) {
    if (wanted !== undefined && name !== wanted) continue;
    try {
      return { name, tf: await start(name, load) };
    } catch (error) {
      faults.push(`${name}: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`);
    }
  }
  throw new InputError({
    code: "HR1803",
    where: "--backend",
    got: `no backend that starts (${faults.join("; ").slice(0, 300)})`,
    expected: "one of those that are installed",
    remedy:
      wanted === "node"
        ? "Install it: npm install @tensorflow/tfjs-node"
        : `The LSTM trains on TensorFlow.js, which is optional: ${INSTALL_TENSORFLOW}`,
  });
}

async function start(name: BackendName, load: LoadModule): Promise<Core> {
  if (name === "node") await restoreOldUtility(load);
  const backend = await load(packages[name]);
  const tf = (await load("@tensorflow/tfjs-core")) as Core;
  await load("@tensorflow/tfjs-layers");
  if (name === "wasm") pointToWasm(backend as { setWasmPaths?: (folder: string) => void });
  if (!(await tf.setBackend(registered[name]))) throw new Error("it is registered but does not start");
  await tf.ready();
  return tf;
}

/** tfjs-node 4.22 calls util.isNullOrUndefined, which Node 23 removed. */
async function restoreOldUtility(load: LoadModule): Promise<void> {
  const { default: util } = (await load("node:util")) as {
    default: { isNullOrUndefined?: (value: unknown) => boolean };
  };
  util.isNullOrUndefined ??= (value) => value === null || value === undefined;
}

/** The .wasm files lie beside the package's main file, wherever npm put it. */
function pointToWasm(backend: { setWasmPaths?: (folder: string) => void }): void {
  const main = createRequire(import.meta.url).resolve(packages.wasm);
  backend.setWasmPaths?.(join(dirname(main), "/"));
}
