/** The feed as an AsyncAPI 3 document: which messages, where, with which schema; pure. */
import { schemas, type SchemaName } from "./messages.ts";

const carried = ["event", "evidence", "measurement", "system"] as const satisfies readonly SchemaName[];
const frames = [
  { name: "magic", content: "UP1 and one octet for the type" },
  { name: "header", content: "one JSON object, at most 4,096 octets" },
  { name: "payload", content: "with EVT: a JSON array of messages; with DATA: a piece of evidence" },
];

/** @param files JSON Schema of each message, `$id` included */
export function asyncApi(files: Readonly<Record<SchemaName, object>>): object {
  const messageOf = (name: SchemaName): object => ({
    name,
    title: schemas[name].title,
    contentType: name === "beat" ? "application/json" : "application/cloudevents+json",
    payload: { schemaFormat: "application/schema+json;version=draft-2020-12", schema: files[name] },
  });
  const names = [...carried, "beat"] as const;
  return {
    asyncapi: "3.0.0",
    info: {
      title: "Xueliang Gateway uplink (UP1)",
      version: "1.0.0",
      description:
        "A box delivers each message at least once and in order of its lane; a receiver acknowledges after its own commit and recognises repetitions by id. The whole protocol: gateway/delivery/uplink/PROTOCOL.md. Schemas only grow within a major version: ignore fields and words that you do not know.",
      license: { name: "Apache-2.0" },
    },
    defaultContentType: "application/cloudevents+json",
    servers: {
      platform: {
        host: "platform.example:8421",
        // No official name exists for ZeroMQ's transport; this is what its own documents call it.
        protocol: "zmtp",
        description: "ROUTER of the platform under CURVE; boxes connect with two DEALER sockets.",
        "x-zeromq": { bind: "ROUTER", connect: "DEALER", curve: true, zapDomain: "uplink", frames },
      },
    },
    channels: {
      events: {
        address: "E",
        description: "Socket for messages, lanes 0 alarm, 1 event, 2 low; frames EVT, GAP, BEAT up, ACK, NACK down.",
        messages: Object.fromEntries(names.map((name) => [name, { $ref: `#/components/messages/${name}` }])),
      },
    },
    operations: {
      takeEvents: {
        action: "receive",
        channel: { $ref: "#/channels/events" },
        summary: "The platform takes messages, commits them, acknowledges.",
        messages: names.map((name) => ({ $ref: `#/channels/events/messages/${name}` })),
      },
    },
    components: { messages: Object.fromEntries(names.map((name) => [name, messageOf(name)])) },
  };
}
