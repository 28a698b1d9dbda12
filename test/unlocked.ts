import { afterAll, expect } from "vitest";

// Test files that share a process: one that locks its built-ins would make others fail. It
// belongs into isolatedTests of test/tidy/test-tiers.ts.
afterAll(() => expect(Object.isFrozen(Array.prototype), "the built-ins are locked by this file").toBe(false));
