import assert from "node:assert/strict";
import { test } from "node:test";

import OpenAI, { AzureOpenAI } from "openai";

import { collect, requestsOf, startMock } from "./mock.mjs";

const mock = await startMock(`
answers:
  - {match: hello, text: "Hello, Wörld! Two\\nlines.", input_tokens: 12, output_tokens: 7}
  - {match: refuse, refusal: "I will not."}
  - {match: cut, text: "half", stop: length}
faults:
  - {face: model, match: limited, kind: status, status: 429, times: 2, headers: {retry-after-ms: "5"}}
  - {face: model, match: always, kind: status, status: 429, headers: {x-should-retry: "false"}}
  - {face: model, match: overloaded, kind: error-event, after: 1}
  - {face: model, match: resetting, kind: reset, after: 600}
  - {face: model, match: shredded, kind: split, bytes: 5}
  - {face: model, match: broken, kind: malformed-event, after: 1}
models: [gpt-4o, gpt-5]
`);
const client = new OpenAI({ apiKey: mock.model_key, baseURL: mock.openai });
const ask = (content, more = {}) => ({ model: "gpt-4o", messages: [{ role: "user", content }], ...more });
const text = (chunks) => chunks.map((c) => c.choices[0]?.delta?.content ?? "").join("");

test("chat completions stream with usage", async () => {
  const stream = await client.chat.completions.create(
    ask("hello", { stream: true, stream_options: { include_usage: true } }));
  const chunks = await collect(stream);
  assert.equal(text(chunks), "Hello, Wörld! Two\nlines.");
  assert.equal(chunks.at(-2).choices[0].finish_reason, "stop");
  assert.deepEqual(chunks.at(-1).choices, []);
  assert.equal(chunks.at(-1).usage.prompt_tokens, 12);
  assert.equal(chunks.at(-1).usage.total_tokens, 19);
  assert.ok(chunks.slice(0, -1).every((c) => c.usage === null));
});

test("the stream helper puts a completion together", async () => {
  const done = await client.chat.completions.stream(ask("hello")).finalChatCompletion();
  assert.equal(done.choices[0].message.content, "Hello, Wörld! Two\nlines.");
  const refused = await client.chat.completions.stream(ask("refuse")).finalChatCompletion();
  assert.equal(refused.choices[0].message.refusal, "I will not.");
});

test("chat completions without a stream", async () => {
  const { data, response } = await client.chat.completions.create(ask("cut")).withResponse();
  assert.equal(data.choices[0].message.content, "half");
  assert.equal(data.choices[0].finish_reason, "length");
  assert.ok(response.headers.get("x-request-id"));
});

test("responses stream and without a stream", async () => {
  const events = await collect(
    await client.responses.create({ model: "gpt-4o", input: "hello", stream: true }));
  assert.equal(events[0].type, "response.created");
  assert.deepEqual(events.map((e) => e.sequence_number), events.map((_, i) => i));
  const deltas = events.filter((e) => e.type === "response.output_text.delta").map((e) => e.delta);
  assert.equal(deltas.join(""), "Hello, Wörld! Two\nlines.");
  assert.equal(events.at(-1).type, "response.completed");
  assert.equal(events.at(-1).response.usage.output_tokens, 7);
  const whole = await client.responses.create({ model: "gpt-4o", input: "hello" });
  assert.equal(whole.output_text, "Hello, Wörld! Two\nlines.");
  const helper = await client.responses.stream({ model: "gpt-4o", input: "cut" }).finalResponse();
  assert.equal(helper.status, "incomplete");
  assert.equal(helper.incomplete_details.reason, "max_output_tokens");
});

test("errors arrive as the classes of the client", async () => {
  const wrong = new OpenAI({ apiKey: "sk-wrong", baseURL: mock.openai });
  await assert.rejects(wrong.chat.completions.create(ask("hello")),
    (e) => e instanceof OpenAI.AuthenticationError && e.code === "invalid_api_key");
  await assert.rejects(client.chat.completions.create(ask("hello", { model: "nope" })),
    (e) => e instanceof OpenAI.NotFoundError && e.code === "model_not_found");
  await assert.rejects(client.chat.completions.create(ask("hello", { model: "gpt-5", max_tokens: 5 })),
    (e) => e instanceof OpenAI.BadRequestError && e.code === "unsupported_parameter" && e.param === "max_tokens");
  await assert.rejects(client.chat.completions.create(ask("hello", { colour: "red" })),
    (e) => e.status === 400 && e.code === "unknown_parameter");
});

test("a limit is retried as the headers say", async () => {
  const before = (await requestsOf(mock.openai)).length;
  const done = await client.chat.completions.create(ask("limited hello"));
  assert.ok(done.choices[0].message.content);
  const seen = (await requestsOf(mock.openai)).slice(before);
  assert.deepEqual(seen.map((r) => r.status), [429, 429, 200]);
  await assert.rejects(client.chat.completions.create(ask("always")), OpenAI.RateLimitError);
  assert.equal((await requestsOf(mock.openai)).length, before + 4);
});

test("what goes wrong inside a stream is thrown", async () => {
  const streamed = (content) => client.chat.completions.create(ask(content, { stream: true })).then(collect);
  await assert.rejects(streamed("overloaded"), OpenAI.APIError);
  await assert.rejects(streamed("resetting"));
  await assert.rejects(streamed("broken"), SyntaxError);
  assert.equal(text(await streamed("shredded hello")), "Hello, Wörld! Two\nlines.");
});

test("the models can be listed", async () => {
  const models = await collect(await client.models.list());
  assert.deepEqual(models.map((m) => m.id), ["gpt-4o", "gpt-5"]);
});

test("OpenRouter speaks the same language with comments and cost", async () => {
  const router = new OpenAI({ apiKey: mock.model_key, baseURL: mock.openrouter });
  const chunks = await collect(await router.chat.completions.create(ask("hello", { stream: true })));
  assert.equal(text(chunks), "Hello, Wörld! Two\nlines.");
  assert.ok(chunks.slice(0, -1).every((c) => !("usage" in c)));
  assert.ok(chunks.at(-1).usage.cost > 0);
  assert.equal(chunks[0].provider, "Mock");
});

test("Azure's dated form", async () => {
  const url = new URL("/openai/deployments/mine/chat/completions?api-version=2024-10-21", mock.openai);
  const answer = await fetch(url, {
    method: "POST",
    headers: { "api-key": mock.model_key, "content-type": "application/json" },
    body: JSON.stringify(ask("hello")),
  });
  assert.equal(answer.status, 200);
});

test("Azure by its own client", async () => {
  const azure = new AzureOpenAI({
    apiKey: mock.model_key, endpoint: new URL(mock.openai).origin, apiVersion: "2024-10-21", deployment: "mine",
  });
  const chunks = await collect(await azure.chat.completions.create(ask("hello", { stream: true })));
  assert.ok(chunks[0].prompt_filter_results);
  assert.equal(text(chunks), "Hello, Wörld! Two\nlines.");
});
