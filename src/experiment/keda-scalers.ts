/**
 * The key of a KEDA scaler's threshold, and the scaler's default for it. Source: kedacore/keda,
 * schema/generated/scalers-schema.yaml (commit 01515ac, after v2.18), which KEDA generates from
 * pkg/scalers; for the scalers that the schema leaves out, their files there.
 */
interface ScalerThreshold {
  /** The keys of `metadata`, the usual one first. Empty: the scaler's threshold cannot be set. */
  readonly keys: readonly string[];
  /** Undefined: KEDA refuses the trigger without one. */
  readonly standard?: number;
}

const list = (...keys: string[]): ScalerThreshold => ({ keys });
const usual = (standard: number, ...keys: string[]): ScalerThreshold => ({ keys, standard });

const SCALERS = new Map<string, ScalerThreshold>([
  ["activemq", usual(10, "targetQueueSize")],
  ["apache-kafka", usual(10, "lagThreshold")],
  ["arangodb", list("queryValue")],
  ["artemis-queue", usual(10, "queueLength")],
  ["aws-cloudwatch", list("targetMetricValue")],
  ["aws-dynamodb", list("targetValue")],
  ["aws-dynamodb-streams", usual(2, "shardCount")],
  ["aws-kinesis-stream", usual(2, "shardCount")],
  ["aws-sqs-queue", usual(5, "queueLength")],
  ["azure-app-insights", list("targetValue")],
  ["azure-blob", usual(5, "blobCount")],
  ["azure-data-explorer", list("threshold")],
  ["azure-eventhub", usual(64, "unprocessedEventThreshold")],
  ["azure-log-analytics", list("threshold")],
  ["azure-monitor", list("targetValue")],
  ["azure-pipelines", usual(1, "targetPipelinesQueueLength")],
  ["azure-queue", usual(5, "queueLength")],
  ["azure-servicebus", usual(5, "messageCount")],
  ["beanstalkd", list("value")],
  ["cassandra", list("targetQueryValue")],
  ["couchdb", list("queryValue")],
  ["datadog", list("queryValue", "targetValue")],
  ["dynatrace", list("threshold")],
  ["elasticsearch", list("targetValue")],
  ["etcd", list("value")],
  ["gcp-cloudtasks", usual(100, "value")],
  ["gcp-pubsub", usual(10, "value", "subscriptionSize")],
  ["gcp-stackdriver", usual(5, "targetValue")],
  ["gcp-storage", usual(100, "targetObjectCount")],
  ["github-runner", usual(1, "targetWorkflowQueueLength")],
  ["graphite", usual(100, "threshold")],
  ["huawei-cloudeye", list("targetMetricValue")],
  ["ibmmq", usual(20, "queueDepth")],
  ["influxdb", list("thresholdValue")],
  ["kafka", usual(10, "lagThreshold")],
  ["kubernetes-resource", list("targetValue")],
  ["kubernetes-workload", list("value")],
  ["liiklus", usual(10, "lagThreshold")],
  ["loki", list("threshold")],
  ["metrics-api", list("targetValue")],
  ["mongodb", list("queryValue")],
  ["mssql", list("targetValue")],
  ["mysql", list("queryValue")],
  ["nats-jetstream", usual(10, "lagThreshold")],
  ["new-relic", list("threshold")],
  ["nsq", usual(10, "depthThreshold")],
  ["openstack-metric", list("threshold")],
  ["openstack-swift", usual(2, "objectCount")],
  ["postgresql", list("targetQueryValue")],
  ["predictkube", list("threshold")],
  ["prometheus", list("threshold")],
  ["pulsar", usual(10, "msgBacklogThreshold", "msgBacklog")],
  ["rabbitmq", usual(20, "value", "queueLength")],
  ["redis", usual(5, "listLength")],
  ["redis-cluster", usual(5, "listLength")],
  ["redis-sentinel", usual(5, "listLength")],
  ["redis-streams", usual(5, "pendingEntriesCount", "streamLength", "lagCount")],
  ["redis-cluster-streams", usual(5, "pendingEntriesCount", "streamLength", "lagCount")],
  ["redis-sentinel-streams", usual(5, "pendingEntriesCount", "streamLength", "lagCount")],
  ["selenium-grid", usual(1)],
  [
    "solace-direct-messaging",
    list(
      "aggregatedClientTxMsgRateTarget",
      "aggregatedClientTxByteRateTarget",
      "aggregatedClientAverageTxMsgRateTarget",
      "aggregatedClientAverageTxByteRateTarget",
    ),
  ],
  ["solace-event-queue", list("messageCountTarget", "messageSpoolUsageTarget", "messageReceiveRateTarget")],
  ["solarwinds", list("targetValue")],
  ["solr", list("targetQueryValue")],
  ["splunk", list("targetValue")],
  ["splunk-observability", list("targetValue")],
  ["stan", usual(10, "lagThreshold")],
  ["sumologic", list("threshold")],
  ["temporal", usual(5, "targetQueueSize")],
]);

/** A scaler that is not listed (external or newer): any key that a listed one has. */
const ANY: ScalerThreshold = list(...new Set([...SCALERS.values()].flatMap(({ keys }) => keys)));

/** Triggers without a metric of their own in Headrace, and what they stand for. */
const FIXED_MEANINGS: ReadonlyMap<string, string> = new Map([
  ["cpu", "open-streams"],
  ["memory", "open-streams"],
  ["cron", "demand"],
]);

/**
 * Whether `metricNames` may give a trigger type this meaning where a manifest has no use for it:
 * one map then serves several manifests. A type whose meaning is fixed can have that one only.
 */
export function isMeaningOfType(type: string, metric: string): boolean {
  const fixed = FIXED_MEANINGS.get(type);
  return fixed === undefined ? SCALERS.has(type) : fixed === metric;
}

/** The threshold keys of a scaler by its trigger type, and its default. */
export function scalerThreshold(type: string): ScalerThreshold {
  return SCALERS.get(type) ?? ANY;
}

/** Scalers whose activation key is not "activation" + the threshold's key. */
const OTHER_ACTIVATIONS: ReadonlyMap<string, readonly string[]> = new Map([
  ["gcp-pubsub", ["activationValue"]],
  ["github-runner", []],
  ["pulsar", ["activationMsgBacklogThreshold"]],
  ["rabbitmq", ["activationValue"]],
  ["redis-streams", ["activationLagCount"]],
  ["redis-cluster-streams", ["activationLagCount"]],
  ["redis-sentinel-streams", ["activationLagCount"]],
  ["selenium-grid", ["activationThreshold"]],
  ["solarwinds", ["activationValue"]],
  ["splunk", ["activationValue"]],
]);

/** The keys of a scaler's activation by its trigger type; undefined if it is not listed. */
export function activationKeys(type: string): readonly string[] | undefined {
  const usualKeys = SCALERS.get(type)?.keys.map((key) => `activation${key.slice(0, 1).toUpperCase()}${key.slice(1)}`);
  return OTHER_ACTIVATIONS.get(type) ?? usualKeys;
}

/** The default activation of a scaler: 0, except for this one. */
const STANDARD_ACTIVATIONS: ReadonlyMap<string, number> = new Map([["artemis-queue", 10]]);

/** The activation of a scaler where none is written; undefined: 0. */
export function standardActivation(type: string): number | undefined {
  return STANDARD_ACTIVATIONS.get(type);
}
