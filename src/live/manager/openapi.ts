import { LIMIT_KINDS, limitFields } from "../limits/limits.js";

const limitsInWords = LIMIT_KINDS.map((kind) => `${limitFields[kind].field}: ${limitFields[kind].counts}`).join(", ");

/**
 * The manager's HTTP API, as served at /openapi.json (OpenAPI 3.1). A test compares every path
 * with the server.
 */
export const openApi = {
  openapi: "3.1.0",
  info: {
    title: "Headrace Streamlet Manager",
    version: "1",
    description:
      "Shows the streamlets of this machine, and passes requests to the control " +
      "plane. Each request is an event of the run log: 202 means accepted, not done.",
  },
  paths: {
    "/health": {
      get: {
        summary: "Is the manager alive, and what limits does this machine truly enforce?",
        security: [],
        responses: { 200: { description: "It is", content: json({ $ref: "#/components/schemas/Health" }) } },
      },
    },
    "/ready": {
      get: {
        summary: "Whether the pools have room for another stream, by the latest report of the gateway",
        security: [],
        responses: {
          200: { description: "They have", content: json({ $ref: "#/components/schemas/Ready" }) },
          503: {
            description: "A pool has no room, or the gateway has not reported yet",
            content: json({ $ref: "#/components/schemas/Ready" }),
          },
        },
      },
    },
    "/pools": {
      get: {
        summary: "The pools and their limits",
        responses: { 200: list("Pool"), 401: refusal() },
      },
    },
    "/streamlets": {
      get: { summary: "All streamlets", responses: { 200: list("Streamlet"), 401: refusal() } },
      post: {
        summary: "Asks for one more streamlet of a pool",
        requestBody: {
          required: true,
          content: json({ type: "object", required: ["pool"], properties: { pool: { type: "integer", minimum: 0 } } }),
        },
        responses: { 202: accepted(), 400: refusal(), 401: refusal(), 404: refusal() },
      },
    },
    "/restart": {
      post: {
        summary: "Asks for another manager process in place of this one; open streams go on",
        responses: { 202: accepted(), 401: refusal() },
      },
    },
    "/streamlets/{id}": {
      parameters: [{ name: "id", in: "path", required: true, schema: { type: "integer", minimum: 0 } }],
      get: { summary: "One streamlet", responses: { 200: one("Streamlet"), 401: refusal(), 404: refusal() } },
      delete: {
        summary: "Asks for its end now: its streams are interrupted",
        responses: { 202: accepted(), 401: refusal(), 404: refusal() },
      },
    },
    "/streamlets/{id}/drain": {
      parameters: [{ name: "id", in: "path", required: true, schema: { type: "integer", minimum: 0 } }],
      post: {
        summary: "Asks for its end once its streams are over",
        responses: { 202: accepted(), 401: refusal(), 404: refusal() },
      },
    },
  },
  components: {
    securitySchemes: { token: { type: "http", scheme: "bearer" } },
    schemas: {
      Health: {
        type: "object",
        required: ["status", "streamlets", "limits", "isolation"],
        properties: {
          status: { const: "up" },
          streamlets: { type: "integer" },
          limits: { type: "object", additionalProperties: { type: "string" } },
          isolation: {
            type: "object",
            description: "By runtime: the measures that confine its streamlets",
            additionalProperties: { type: "array", items: { type: "string" } },
          },
        },
      },
      Ready: {
        type: "object",
        required: ["ready"],
        properties: { ready: { type: "boolean" }, reason: { type: "string" } },
      },
      Pool: {
        type: "object",
        required: ["pool", "name", "runtime", "formats", "limits"],
        properties: {
          pool: { type: "integer" },
          name: { type: "string" },
          runtime: { enum: ["node", "native", "zygote"] },
          formats: { type: "array", items: { type: "string" } },
          limits: { type: "object", description: `${limitsInWords}; null = no limit` },
          zygote: {
            type: "object",
            description:
              "What makes the streamlets, where the runtime is native or zygote. " +
              "While it is not up they are spawned directly; reason: why it went down",
            required: ["kind", "state", "forked", "restarts", "reason"],
            properties: {
              kind: { enum: ["zygote", "launcher"] },
              state: { enum: ["starting", "up", "down", "given-up", "closed"] },
              pid: { type: "integer" },
              forked: { type: "integer" },
              restarts: { type: "integer" },
              reason: { type: "string" },
            },
          },
        },
      },
      Streamlet: {
        type: "object",
        required: ["id", "pool", "state", "streams", "ageMs"],
        properties: {
          id: { type: "integer" },
          pool: { type: "integer" },
          pid: { type: "integer" },
          state: { enum: ["queued", "starting", "ready", "stopping"] },
          streams: { type: "integer", description: "Open streams, as of its last heartbeat" },
          ageMs: { type: "number" },
          beat: { type: "object", description: "The last heartbeat: load and quality" },
        },
      },
      Refusal: { type: "object", required: ["error"], properties: { error: { type: "string" } } },
    },
  },
  security: [{ token: [] }],
} as const;

function json(schema: object): object {
  return { "application/json": { schema } };
}

function one(name: string): object {
  return { description: name, content: json({ $ref: `#/components/schemas/${name}` }) };
}

function list(name: string): object {
  return {
    description: `All of kind ${name}`,
    content: json({ type: "array", items: { $ref: `#/components/schemas/${name}` } }),
  };
}

function accepted(): object {
  return { description: "The control plane has the request" };
}

function refusal(): object {
  return { description: "Refused", content: json({ $ref: "#/components/schemas/Refusal" }) };
}
