import assert from "node:assert/strict";
import { test } from "node:test";

import Anthropic from "@anthropic-ai/sdk";

import { collect, requestsOf, startMock } from "./mock.mjs";

const mock = await startMock(`
answers:
  - {match: hello, text: "Hello, Wörld!", reasoning: "hm", input_tokens: 12, output_tokens: 7}
  - {match: refuse, refusal: "I will not."}
  - {match: cut, text: "half", stop: length}
  - {match: pause, text: "wait", stop: pause}
faults:
  - {face: model, match: busy, kind: status, status: 529, times: 2, headers: {retry-after: "0.01"}}
  - {face: model, match: overloaded, kind: error-event, after: 1}
  - {face: model, match: truncated, kind: truncate, after: 1200}
`);
const client = new Anthropic({ apiKey: mock.model_key, baseURL: mock.anthropic });
const ask = (content, more = {}) => ({
  model: "claude-sonnet-4-5", max_tokens: 100, messages: [{ role: "user", content }], ...more,
});

test("messages stream in the documented order", async () => {
  const events = await collect(await client.messages.create(ask("hello", { stream: true })));
  const types = events.map((e) => e.type);
  assert.equal(types[0], "message_start");
  assert.deepEqual(types.slice(-3), ["content_block_stop", "message_delta", "message_stop"]);
  const text = events.filter((e) => e.delta?.type === "text_delta").map((e) => e.delta.text);
  assert.equal(text.join(""), "Hello, Wörld!");
});

test("the stream helper puts a message together", async () => {
  const message = await client.messages.stream(ask("hello")).finalMessage();
  assert.deepEqual(message.content.map((c) => c.type), ["thinking", "text"]);
  assert.equal(message.content[1].text, "Hello, Wörld!");
  assert.equal(message.stop_reason, "end_turn");
  assert.equal(message.usage.input_tokens, 12);
  assert.equal(message.usage.output_tokens, 7);
});

test("stop reasons", async () => {
  const reason = async (content) => (await client.messages.stream(ask(content)).finalMessage()).stop_reason;
  assert.equal(await reason("refuse"), "refusal");
  assert.equal(await reason("cut"), "max_tokens");
  assert.equal(await reason("pause"), "pause_turn");
});

test("messages without a stream", async () => {
  const message = await client.messages.create(ask("cut"));
  assert.equal(message.content[0].text, "half");
  assert.equal(message._request_id?.startsWith("req_"), true);
});

test("errors arrive as the classes of the client", async () => {
  const wrong = new Anthropic({ apiKey: "wrong", baseURL: mock.anthropic });
  await assert.rejects(wrong.messages.create(ask("hello")),
    (e) => e instanceof Anthropic.AuthenticationError && e.error.error.type === "authentication_error");
  await assert.rejects(client.messages.create(ask("hello", { max_tokens: undefined })),
    (e) => e instanceof Anthropic.BadRequestError && /max_tokens: Field required/.test(e.message));
  await assert.rejects(client.messages.create(ask("hello", { colour: 1 })), /Extra inputs are not permitted/);
});

test("overload is retried", async () => {
  await client.messages.create(ask("busy hello"));
  const seen = (await requestsOf(mock.anthropic)).filter((r) => r.body.includes("busy"));
  assert.deepEqual(seen.map((r) => r.status), [529, 529, 200]);
});

test("errors and cuts inside a stream are thrown", async () => {
  await assert.rejects(client.messages.stream(ask("overloaded")).finalMessage(),
    (e) => e instanceof Anthropic.APIError && /Overloaded/.test(e.message));
  await assert.rejects(client.messages.stream(ask("truncated")).finalMessage());
});
