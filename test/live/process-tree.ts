import { existsSync, readFileSync } from "node:fs";

export function parentOf(pid: number | undefined): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
}

export function alive(pid: number): boolean {
  return existsSync(`/proc/${pid}`) && !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
}

/** The processes whose parent it is, spares included. */
export function childrenOf(pid: number | undefined): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
}

/** The first process of the PID namespace of its children; undefined where they have none. */
export function firstOf(pid: number | undefined): number | undefined {
  return childrenOf(pid).find((child) => readFileSync(`/proc/${child}/cmdline`, "utf8").includes("--first"));
}

/** The spares of a zygote that has made no streamlet. */
export function sparesOf(pid: number | undefined): number[] {
  const first = firstOf(pid);
  return childrenOf(pid).filter((child) => child !== first);
}

/** Numbers of a process, in the namespace of this one and in those below. */
export function numbersInside(pid: number): number[] {
  const [, numbers = ""] = /^NSpid:\s+(.*)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return numbers.split(/\s+/).map(Number);
}
