import assert from "node:assert/strict";
import { test } from "node:test";

import { Webhook } from "standardwebhooks";

import { startMock } from "./mock.mjs";

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const mock = await startMock("", "--webhook-secret", secret);

async function deliver(id, headers, body) {
  const answer = await fetch(mock.webhook, {
    method: "POST",
    headers: { "content-type": "application/json", "webhook-id": id, ...headers },
    body,
  });
  assert.equal(answer.status, 200);
  const events = await (await fetch(mock.events)).json();
  return events.filter((e) => e.id === id).at(-1);
}

test("the sink verifies what the official library signs", async () => {
  const body = '{"type":"task.progress","taskId":"t-1"}';
  const signed = (at) => ({
    "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
    "webhook-signature": new Webhook(secret).sign("msg_1", at, body),
  });
  const now = new Date();
  assert.equal((await deliver("msg_1", signed(now), body)).verified, true);
  assert.equal((await deliver("msg_1", signed(now), body + " ")).verified, false);
  assert.equal((await deliver("msg_1", signed(new Date(now - 400_000)), body)).verified, false);
  assert.equal((await deliver("msg_2", signed(now), body)).verified, false);
  const repeated = await deliver("msg_1", signed(now), body);
  assert.equal(repeated.seen, 4);
});
