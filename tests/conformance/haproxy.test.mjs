// haproxy between pj and pj-mock's model: a real proxy's faults.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import { requestsOf, startMock } from "./mock.mjs";
import { freePort, runTask, untilItIs } from "./pj.mjs";

/** haproxy in front of `target` with these lines; gives the new base URL. */
async function startProxy(target, front = "", back = "") {
  const folder = await mkdtemp(join(tmpdir(), "pj-conformance-haproxy-"));
  const port = await freePort();
  const { host, pathname } = new URL(target);
  await writeFile(join(folder, "conf"), `
defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
frontend in
  bind 127.0.0.1:${port}
  stick-table type ip size 10 expire 1m store http_req_cnt,gpc0
  http-request track-sc0 src
${front}
  default_backend out
backend out
${back}
  server mock ${host} maxconn 1
`);
  const child = spawn(process.env.PJ_HAPROXY, ["-q", "-db", "-f", join(folder, "conf")], { stdio: "ignore" });
  const ended = once(child, "exit");
  after(async () => {
    child.kill("SIGTERM");
    await ended;
    await rm(folder, { recursive: true });
  });
  await untilItIs("haproxy ready", child, () => connects(port));
  return `http://127.0.0.1:${port}${pathname}`;
}

/** Without a request: those are counted. */
const connects = (port) => new Promise((resolve) => {
  const socket = connect(port, "127.0.0.1", () => {
    socket.destroy();
    resolve(true);
  });
  socket.on("error", () => resolve(false));
});

const firstRequest = "{ sc_http_req_cnt(0) le 1 }";

async function run(front, back, environment = {}) {
  const mock = await startMock();
  const proxy = await startProxy(mock.openai, front, back);
  const { code, err, result } = await runTask(mock, {
    environment: { OPENAI_BASE_URL: proxy, ...environment },
  });
  const asked = (await requestsOf(mock.openai)).filter((r) => r.face === "model").length;
  return { code, err, result, asked };
}

test("without a fault", async () => {
  const { code, err, asked } = await run();
  assert.equal(code, 0, err);
  assert.equal(asked, 1);
});

test("429 with Retry-After is waited out", async () => {
  const begin = Date.now();
  const { code, err, asked } = await run(
    `  http-request return status 429 hdr Retry-After 2 if ${firstRequest}`);
  assert.equal(code, 0, err);
  assert.match(err, /429.*trying again in 2 s|429.*trying again in 3 s/s);
  assert.ok(Date.now() - begin >= 2000);
  assert.equal(asked, 1);
});

test("503 with haproxy's web page is tried again", async () => {
  const { code, err, asked } = await run(`  http-request deny deny_status 503 if ${firstRequest}`);
  assert.equal(code, 0, err);
  assert.match(err, /answered 503: a web page instead of an API error/);
  assert.equal(asked, 1);
});

test("503 for ever ends with one clear line", async () => {
  const { code, err, asked } = await run("  http-request deny deny_status 503");
  assert.equal(code, 1);
  assert.match(err, /\[pj\] error: openai answered 503/);
  assert.equal(asked, 0);
});

test("a connection that is dropped without a word", async () => {
  const { code, err } = await run(`  http-request reject if ${firstRequest}`);
  assert.equal(code, 0, err);
});

test("a tarpit is a delay and then a 500", async () => {
  const { code, err } = await run(`  timeout tarpit 300ms\n  http-request tarpit if ${firstRequest}`);
  assert.equal(code, 0, err);
  assert.match(err, /answered 500/);
});

test("silence ends with the deadline", async () => {
  const { code, err } = await run("  http-request silent-drop", "", { TASK_TIMEOUT_MINUTES: "0.05" });
  assert.equal(code, 124, err);
});

test("a delayed request still succeeds", async () => {
  const { code, err, asked } = await run(
    "  tcp-request inspect-delay 500ms\n  tcp-request content accept if WAIT_END");
  assert.equal(code, 0, err);
  assert.equal(asked, 1);
});

test("a server with one place serves two tasks", async () => {
  const mock = await startMock("latency: 300");
  const proxy = await startProxy(mock.openai, "", "  timeout queue 100ms");
  const environment = { OPENAI_BASE_URL: proxy };
  const ended = await Promise.all([1, 2].map(() => runTask(mock, { environment })));
  assert.deepEqual(ended.map(({ code }) => code), [0, 0], ended.map(({ err }) => err).join());
  assert.equal(ended.filter(({ err }) => /answered 503/.test(err)).length, 1);
});
