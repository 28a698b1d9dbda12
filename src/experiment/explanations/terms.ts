import type { Verdict } from "../../base/paired-verdict.js";
import type { RowVerdict } from "../check/row-verdict.js";
import type { CheckVerdict } from "../validate/verdict.js";

/** The terms that the glossary of a report explains, in its order. */
export const reportTerms: ReadonlyMap<string, string> = new Map([
  [
    "Measured window",
    "from the end of the warm-up to the end of the run; every metric " +
      "counts only this. Ratios divide by the first-attempt arrivals in it.",
  ],
  ["Demand", "open streams plus requests that wait for a slot."],
  ["Capacity", "slots on streamlets that are ready; spawning and draining ones do not count."],
  [
    "± (95 % interval)",
    "with repeated experiments, 95 % of such intervals would contain the true value. Student’s t over " +
      "independent replications for means, the jackknife for ratios, Woodruff’s interval for percentiles.",
  ],
  ["Difference", "candidate − baseline within each replication, then averaged: what affects both alike cancels out."],
  [
    "≥ (at least)",
    "a lower bound of a percentile: too many requests still wait " +
      "at the end of the run. It is the longest observed wait.",
  ],
  [
    "SLO: met in 8 of 12 (35–90 %)",
    "replications in which the start-latency percentile and the ratios hold over the whole measured window " +
      "and the violating minutes stay within their budget; in brackets the exact binomial interval (Clopper and " +
      "Pearson, 95 %). Proved: the one-sided 95 % lower bound reaches the demanded share; 59 of 59 prove 95 %.",
  ],
  [
    "Violating minute",
    "among the requests that arrived in it, the start-latency percentile or a ratio exceeds its bound. " +
      "A request that gave up, or still waits at the end, after more than the bound counts as late.",
  ],
  ["better, worse", "the paired interval lies wholly on one side of zero."],
  [
    "no difference shown",
    "the paired interval contains zero. There may still be a difference: more replications may show it.",
  ],
  [
    "same",
    "the difference is at the level of rounding; “same within 1 %”: the interval lies within 1 % of the baseline.",
  ],
  ["cannot tell", "one replication has no interval, or a policy failed."],
  [
    "✓",
    "the verdict holds in a test over all verdicts of the table: " +
      "the chance that any marked verdict is false is at most 5 %.",
  ],
]);

/** Further words of scenarios, tables and messages. */
export const fieldTerms: ReadonlyMap<string, string> = new Map([
  ["streamlet", "a light process with a few slots, launched just before it is needed and drained when it is not."],
  ["slot", "the room for one stream on a streamlet."],
  ["pool", "the streamlets of one class in one region; a policy decides per pool."],
  ["host", "the machine that streamlets run on."],
  ["fleet", "all streamlets of all regions."],
  ["policy", "the rule that decides how many streamlets each pool has."],
  ["balancer", "the rule that chooses a streamlet with a free slot for a request."],
  ["gateway", "the component that accepts requests, lets them wait and assigns them to streamlets."],
  ["baseline", "the first policy of a scenario; all others are compared with it."],
  ["replication", "one independent repetition of a run; every policy gets the same requests in it."],
  ["warm-up", "the time at the start of a run that no metric counts."],
  ["holding time", "how long a stream holds its slot."],
  ["patience", "how long a request waits before it gives up."],
  ["start latency", "the time from a request’s arrival until it has a slot."],
  [
    "offered load",
    "arrivals per second × the mean holding time: the slots that would be in use if there were no limit.",
  ],
  ["utilisation", "open streams as a share of the slots of ready streamlets."],
  ["cold start", "the time from the launch of a streamlet until it is ready."],
  ["drain", "to take no more streams, and to end with the last one."],
  ["backlog", "requests that wait for a slot."],
  ["headroom", "slots beyond what is expected to be needed."],
  ["horizon", "how far ahead a policy looks."],
  ["SLO", "service level objective: the bounds that a replication must keep."],
  ["error budget", "the minutes that may violate the SLO."],
  ["clairvoyant", "a policy that knows every arrival and end in advance; its cost is a lower bound for every policy."],
  ["aggressiveness", "the knob of a policy that decides how much it spends."],
  [
    "limit that bound",
    "what kept a policy from getting what it wanted in at least 0.5 % of its " +
      "decisions: host room, a max, spawn back-off; or a full waiting room.",
  ],
  [
    "MASE",
    "mean absolute scaled error: a forecast’s mean error over that of the value " +
      "one day before (of the last value, with less than two days of history).",
  ],
  [
    "pinball loss",
    "the error of a forecast quantile q: q times what it was too low " +
      "by, or 1 − q times what it was too high by; lower is better.",
  ],
  [
    "newsvendor cost",
    "what provisioning by a forecast costs, in requests: at quantile " +
      "0.9 a request too few costs nine times a request too many.",
  ],
  [
    "Erlang B, Erlang C",
    "formulas for a fixed number of slots: the share of requests that are " +
      "rejected when none may wait (B), and the share that must wait (C).",
  ],
  ["knob", "the value of a policy that decides how much it spends, such as targetUtilisation or quantile."],
  [
    "frontier",
    "a policy’s cost against its violating minutes as its knob moves: one " +
      "policy is cheaper at equal service where its line is further left.",
  ],
  [
    "trade-off",
    "better on cost and worse on violations, or the other way round: compare at equal service (--frontier).",
  ],
  ["oracle", "the clairvoyant policy: it knows every arrival and end in advance."],
  ["blast radius", "how many streams one crash cuts short: at most the slots of its streamlet."],
  ["spill-over", "a request that finds no slot in its own region is served in another one."],
  ["tick", "the time between two decisions of a policy."],
  ["scrape lag", "how old the metrics are that a policy sees."],
  ["flash crowd", "a steep rise of demand that no season explains, and that passes."],
  ["matched", "compared at the settings at which both violate the SLO equally often."],
  ["paired", "compared within each replication, in which both get the same requests."],
]);

type VerdictWord =
  | Exclude<Verdict, "same">
  | RowVerdict
  | CheckVerdict
  | "within"
  | "apart"
  | "certified"
  | "estimated"
  | "simulated"
  | "met"
  | "proved";

const words: Readonly<Record<VerdictWord, string>> = {
  better: "The paired interval of the difference lies on the good side of zero.",
  worse: "The paired interval of the difference lies on the bad side of zero.",
  same:
    "The difference is within rounding, or its interval lies " +
    "within 1 % of the baseline (in a gate: within the tolerance).",
  "no difference shown": "The paired interval contains zero; more replications may show a difference.",
  "cannot tell": "There is one replication only, or a policy failed.",
  identical: "A gate’s policy made the same decisions, and every figure is the same.",
  improved: "A gate’s figure is shown to be better by more than the tolerance.",
  regressed: "A gate’s figure is shown to be worse by more than the tolerance.",
  "cannot-tell": "A gate’s replications show neither a change nor equality.",
  pass: "The exact value lies within the interval of the simulated one, which is narrow enough.",
  "outside the interval": "The exact value lies outside the interval of the simulated one.",
  "interval too wide": "The interval of the simulated value is too wide to tell.",
  within: "Live and simulated differ by at most 10 %, or by at most twice the difference of two live runs.",
  apart: "Live and simulated differ by more than 10 %, and by more than twice the difference of two live runs.",
  certified: "True of the model by proof.",
  estimated: "From an approximation.",
  simulated: "As simulated, with an interval.",
  met: "The SLO held in at least the demanded share of the replications.",
  proved: "The 95 % lower bound of the share of replications that met the SLO reaches the demanded share.",
};

/** The verdicts of comparisons, gates, validations, twins and plans. */
export const verdictWords: ReadonlyMap<string, string> = new Map(Object.entries(words));
