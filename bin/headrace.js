#!/usr/bin/env node
import module from "node:module";
import { keepHeapSteady } from "../dist/live/machine/steady-heap.js";

// A gateway is to be as quick after a quiet spell as before. V8 makes up its mind while modules load.
if (["live", "twin"].includes(process.argv[2])) keepHeapSteady();
// Node 22.8 and later keep compiled code on disk between commands; Node 20 has no such call.
module.enableCompileCache?.();
await import("../dist/cli/main.js");
