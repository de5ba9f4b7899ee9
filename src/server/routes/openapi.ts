/** Owns the API's description (OpenAPI 3.1), made from the table that guards and decodes: it has no words of its own about shapes. */
import { toJsonSchema } from "@valibot/to-json-schema";
import type { GenericSchema } from "valibot";
import type { Route } from "./route.ts";

/** Checks that no schema language can say are left to the words of the refusal. */
export const schemaOf = (schema: GenericSchema): object => {
  const { $schema: _dialect, ...made } = toJsonSchema(schema, { errorMode: "ignore", typeMode: "input" });
  return made;
};
const refusal = {
  type: "object", required: ["error"],
  properties: { error: { type: "object", required: ["code", "message"], properties: { code: { type: "string" }, message: { type: "string" } } } },
} as const;
const words: Readonly<Record<number, string>> = {
  400: "The body is not what the address takes; the message names the place", 401: "No live token", 403: "The caller's role does not allow it",
  404: "Not there, or not for the caller", 409: "Something has changed meanwhile", 413: "Too large", 415: "Encoding not understood",
  416: "No such range", 422: "The bytes are not what their name says", 429: "Too many requests: see Retry-After", 503: "The database does not answer",
};
const media = { bytes: "application/octet-stream", "event-stream": "text/event-stream", text: "text/plain" } as const;

const answersOf = (route: Route): Readonly<Record<string, object>> => {
  const { answer } = route;
  const good = answer === undefined ? { "204": { description: "Done" } }
    : { [String(route.status ?? 200)]: { description: "Done", content: typeof answer === "string" ? { [media[answer]]: {} } : { "application/json": { schema: schemaOf(answer) } } } };
  const asked = route.asks === "nobody" ? [] : route.asks === "device" ? [401] : [401, 403, 404];
  const faults = [...new Set([...asked, ...(route.body === undefined ? [] : [400, 413]), 429, 503, ...(route.refusals ?? [])])].sort((a, b) => a - b);
  const bad = faults.map((status) => [String(status), { description: words[status] ?? "Refused", content: { "application/json": { schema: refusal } } }] as const);
  return { ...good, ...Object.fromEntries(bad) };
};
const operationOf = (route: Route): object => ({
  summary: route.summary,
  ...(route.asks === "nobody" ? { security: [] } : {}),
  ...(route.asks === "nobody" || route.asks === "device" ? {} : { "x-least-role": route.asks }),
  parameters: [
    ...[...route.path.matchAll(/:(\w+)/g)].map(([, name]) => ({ name, in: "path", required: true, schema: { type: "string" } })),
    ...Object.entries(route.query ?? {}).map(([name, description]) => ({ name, in: "query", description, schema: { type: "string" } })),
  ],
  ...(route.body === undefined ? {} : { requestBody: { required: true, content: { "application/json": { schema: schemaOf(route.body) } } } }),
  ...(route.takesBytes === true ? { requestBody: { required: true, content: { "application/octet-stream": {} } } } : {}),
  responses: answersOf(route),
});

export const pathOf = (path: string): string => path.replaceAll(/:(\w+)/g, "{$1}");
export const describeApi = (routes: readonly Route[], version: string): object => {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) (paths[pathOf(route.path)] ??= {})[route.method] = operationOf(route);
  return {
    openapi: "3.1.0",
    info: { title: "Dagbok", version, description: "Replication between devices, and the accounts behind it. The server never runs a step." },
    paths,
    components: { securitySchemes: { device: { type: "http", scheme: "bearer", description: "The token that signing in answered; one per device." } } },
    security: [{ device: [] }],
  };
};
