#!/usr/bin/env node
import { keepHeapSteady } from "../dist/live/machine/steady-heap.js";

// A gateway is to be as quick after a quiet spell as before. V8 makes up its mind while modules load.
if (["live", "twin"].includes(process.argv[2])) keepHeapSteady();
await import("../dist/cli/main.js");
