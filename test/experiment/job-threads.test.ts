import { describe, expect, it } from "vitest";
import { throwUnlessLate } from "../../src/experiment/job-threads.js";

describe("an error of the threads as a whole", () => {
  it("is none where a thread answered as it was ended: no task waits for that answer", () => {
    expect(() => throwUnlessLate(new Error("Unexpected message from Worker: { taskId: 3 }"))).not.toThrow();
  });

  it("is thrown in all other cases", () => {
    expect(() => throwUnlessLate(new Error("out of file descriptors"))).toThrow("out of file descriptors");
  });
});
