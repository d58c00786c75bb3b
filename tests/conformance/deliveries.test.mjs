import assert from "node:assert/strict";
import { test } from "node:test";

import { Webhook } from "standardwebhooks";

import { startMock } from "./mock.mjs";
import { runTask } from "./pj.mjs";
import { startReceiver } from "./receiver.mjs";

const mock = await startMock();
const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

async function deliveries(webhookSecret, statuses) {
  const receiver = await startReceiver(statuses);
  const { code, err } = await runTask(mock, {
    environment: { WEBHOOK_URL: receiver.url, WEBHOOK_SECRET: webhookSecret },
  });
  assert.equal(code, 0, err);
  assert.ok(receiver.seen.length > 3);
  return receiver.seen;
}

test("the official library verifies what pj sends", async () => {
  const verifier = new Webhook(secret);
  for (const { headers, body } of await deliveries(secret)) {
    assert.equal(verifier.verify(body, headers).taskId, JSON.parse(body).taskId);
    assert.throws(() => verifier.verify(body + " ", headers));
    assert.throws(() => verifier.verify(body, { ...headers, "webhook-id": "msg_other" }));
    assert.throws(() => verifier.verify(body, { ...headers, "webhook-timestamp": "1700000000" }));
  }
});

test("a secret that is any text signs with its bytes", async () => {
  const verifier = new Webhook("just some words", { format: "raw" });
  for (const { headers, body } of await deliveries("just some words"))
    assert.ok(verifier.verify(body, headers));
});

test("every try is signed anew and keeps its id", async () => {
  const verifier = new Webhook(secret);
  const seen = await deliveries(secret, [500, 503, 302]);
  for (const { headers, body } of seen) assert.ok(verifier.verify(body, headers));
  const ids = seen.map(({ headers }) => headers["webhook-id"]);
  assert.ok(ids.every((id) => id && !id.includes(".")));
  assert.equal(new Set(ids.slice(0, 4)).size, 1);
  assert.equal(new Set(seen.slice(0, 4).map(({ body }) => body)).size, 1);
  assert.equal(new Set(ids).size, seen.length - 3);
  const [first, , , fourth] = seen.map(({ headers }) => Number(headers["webhook-timestamp"]));
  assert.ok(fourth >= first);
});
