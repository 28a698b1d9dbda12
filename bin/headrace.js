#!/usr/bin/env node
import module from "node:module";
import { modulesNamed } from "../dist/cli/module-words.js";
import { isGuarded, listenToGuard, runGuarded } from "../dist/cli/process-guard.js";
import { keepYoungGenerationSmall } from "../dist/cli/young-generation.js";
import { keepHeapSteady } from "../dist/live/machine/steady-heap.js";

async function command() {
  // Keeps a gateway fast after a quiet time. V8 reads the setting while modules load.
  if (["live", "twin"].includes(process.argv[2])) keepHeapSteady();
  else keepYoungGenerationSmall();
  // Node 22.8 and later keep compiled code on disk between commands; Node 20 has no such call.
  module.enableCompileCache?.();
  await import("../dist/cli/main.js");
}

// A user's module may end its process in ways that only another process can report.
const modules = isGuarded() ? [] : modulesNamed(process.argv.slice(2));
const endGuarded = isGuarded() ? listenToGuard() : undefined;
if (modules.length === 0 || !(await runGuarded(modules))) await command();
await endGuarded?.();
