// pj as the client of a provider double that other people wrote.
import assert from "node:assert/strict";
import { after, test } from "node:test";

import { LLMock } from "@copilotkit/aimock";

import { startMock } from "./mock.mjs";
import { goodAnswer, runTask } from "./pj.mjs";

const mock = await startMock();

async function startModel(configure, options = {}) {
  const model = new LLMock({ port: 0, host: "127.0.0.1", ...options });
  configure(model);
  await model.start();
  after(() => model.stop());
  return model;
}

const openai = (model) => ({ OPENAI_BASE_URL: `${model.url}/v1` });
const usage = { prompt_tokens: 900, completion_tokens: 80, total_tokens: 980 };
const answering = (response = {}) => (model) =>
  model.onMessage(/.*/s, { content: goodAnswer(), usage, ...response });
const questions = (model) => model.getRequests().length;

async function succeeds(model, environment, options = {}) {
  const { code, err, result } = await runTask(mock, { environment, ...options });
  assert.equal(code, 0, err);
  assert.deepEqual(result.files, ["README.md"]);
  return result;
}

test("Chat Completions", async () => {
  const model = await startModel(answering());
  const result = await succeeds(model, openai(model));
  assert.equal(result.tokens.input, 900);
  assert.equal(result.tokens.output, 80);
  assert.equal(questions(model), 1);
});

test("Chat Completions, a few bytes at a time", async () => {
  const model = await startModel(answering(), { chunkSize: 1 });
  await succeeds(model, openai(model));
});

test("Responses", async () => {
  const model = await startModel(answering());
  const result = await succeeds(model, openai(model), {
    files: { ".config/pj/models.yaml": "openai:\n  gpt-4o: {wire: responses}\n" },
  });
  assert.equal(model.getRequests()[0].path, "/v1/responses");
  assert.equal(result.tokens.output, 80);
});

test("Messages", async () => {
  const model = await startModel(answering({ usage: { input_tokens: 900, output_tokens: 80 } }));
  const result = await succeeds(model, {
    MODEL_PROVIDER: "anthropic", ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: "k",
  });
  assert.equal(model.getRequests()[0].path, "/v1/messages");
  assert.equal(result.tokens.input, 900);
});

test("Messages with thinking", async () => {
  const model = await startModel(answering({ reasoning: "Let me see." }));
  const result = await succeeds(model, {
    MODEL_PROVIDER: "anthropic", ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: "k",
  });
  assert.ok(!result.diff.includes("Let me see"));
});

test("OpenRouter", async () => {
  const model = await startModel(answering());
  await succeeds(model, {
    MODEL_PROVIDER: "openrouter", OPENROUTER_BASE_URL: `${model.url}/api/v1`, OPENROUTER_API_KEY: "k",
  });
  assert.match(model.getRequests()[0].path, /^\/api\/v1\/chat\/completions/);
});

test("Azure's dated form", async () => {
  const model = await startModel(answering());
  await succeeds(model, {
    OPENAI_BASE_URL: `${model.url}/openai/deployments/mine?api-version=2024-10-21`,
  });
  const [asked] = model.getRequests();
  assert.match(asked.path, /^\/openai\/deployments\/mine\/chat\/completions/);
});

test("one 429 is waited out as asked", async () => {
  const model = await startModel((m) => {
    answering()(m);
    m.nextRequestError(429, { message: "Slow down", type: "rate_limit_error" });
  });
  // It asks for one second, and says that its limits are whole in six minutes.
  const begin = Date.now();
  await succeeds(model, openai(model));
  assert.ok(Date.now() - begin >= 1000);
  assert.equal(questions(model), 2);
});

test("529 is tried again", async () => {
  const model = await startModel((m) => {
    answering()(m);
    m.nextRequestError(529, { message: "Overloaded", type: "overloaded_error" });
  });
  await succeeds(model, {
    MODEL_PROVIDER: "anthropic", ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: "k",
  });
  assert.equal(questions(model), 2);
});

test("401 and a used-up quota are final", async () => {
  for (const [status, type, word] of [
    [401, "authentication_error", /OPENAI_API_KEY/], [429, "insufficient_quota", /billing/],
  ]) {
    const model = await startModel((m) =>
      m.onMessage(/.*/s, { error: { message: "No", type, code: type }, status }));
    const { code, err } = await runTask(mock, { environment: openai(model) });
    assert.equal(code, 1, err);
    assert.match(err, word);
    assert.equal(questions(model), 1);
  }
});

test("a stream that breaks off counts and is asked again", async () => {
  const model = await startModel((m) => m.onMessage(/.*/s, { content: goodAnswer("one"), usage },
    { latency: 5, truncateAfterChunks: 2, chunkSize: 10 }));
  const { code, err, result } = await runTask(mock, { environment: { ...openai(model) } });
  assert.equal(code, 1, err);
  assert.equal(questions(model), result.lost_answers);
});
