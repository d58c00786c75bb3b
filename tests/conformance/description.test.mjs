// Every request that pj really sends to GitHub, held against GitHub's own
// description of its API.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { after, test } from "node:test";

import { startMock } from "./mock.mjs";
import { freePort, runTask, untilItIs } from "./pj.mjs";
import { startRelay } from "./receiver.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** `steady` starts a program of its own, so its whole group is ended. */
async function startDescription() {
  const port = await freePort();
  const child = spawn(process.execPath, [
    here("node_modules/@stdy/cli/steady.js"), "--host", "127.0.0.1", "-p", String(port), "--log=false",
    here("node_modules/@octokit/openapi/generated/api.github.com.json"),
  ], { stdio: "ignore", detached: true });
  const ended = once(child, "exit");
  after(async () => {
    process.kill(-child.pid, "SIGTERM");
    await ended;
  });
  const url = `http://127.0.0.1:${port}`;
  await untilItIs("steady ready", child, () => fetch(url).then(() => true, () => false));
  return url;
}

const described = await startDescription();

async function complaints({ method, path, headers = {}, body }) {
  const { host, connection, "content-length": _, ...rest } = headers;
  const answer = await fetch(described + path, {
    method, headers: { ...rest, "x-steady-reject-on-error": "true" }, ...(body ? { body } : {}),
  });
  const text = await answer.text();
  return answer.headers.get("x-steady-request-valid") === "true" ? [] : [`${method} ${path}: ${text}`];
}

test("the description refuses what GitHub would refuse", async () => {
  const json = { "content-type": "application/json" };
  const pulls = "/repos/acme/hello/pulls";
  assert.equal((await complaints({ method: "GET", path: `${pulls}?state=sideways` })).length, 1);
  assert.equal((await complaints({ method: "POST", path: pulls, headers: json, body: '{"head":"x"}' })).length, 1);
  assert.equal((await complaints({ method: "POST", path: "/repos/acme/hello/pull", headers: json, body: "{}" })).length, 1);
});

async function requestsOf(fixtures, options = {}) {
  const mock = await startMock(fixtures);
  const relay = await startRelay(mock.github);
  const { code, err } = await runTask(mock, {
    ...options, environment: { ...options.environment, GITHUB_API_URL: relay.url },
  });
  assert.equal(code, 0, err);
  return relay.seen;
}

async function check(seen, expected) {
  assert.deepEqual([...new Set(seen.map((r) => `${r.method} ${r.path.split("?")[0]}`))].sort(), expected);
  for (const request of seen) {
    assert.deepEqual(await complaints(request), []);
    assert.match(request.headers["user-agent"], /pithy-jaunt/);
    assert.equal(request.headers["x-github-api-version"], "2022-11-28");
  }
}

const lookUpAndCreate = ["GET /repos/acme/hello/pulls", "POST /repos/acme/hello/pulls"];

test("a new pull request", async () => {
  await check(await requestsOf(""), lookUpAndCreate);
});

test("a pull request that somebody else opens at the same time", async () => {
  await check(await requestsOf(`
faults:
  - {face: github, kind: duplicate-pull, method: POST, path: /pulls, times: 1}
`), lookUpAndCreate);
});

test("a pull request whose answer is lost", async () => {
  await check(await requestsOf(`
faults:
  - {face: github, kind: lost-response, method: POST, path: /pulls, times: 1}
`), lookUpAndCreate);
});

test("names that have to be encoded", async () => {
  const seen = await requestsOf("", { environment: { BRANCH_NAME: "feature/ünïcode&more" } });
  await check(seen, lookUpAndCreate);
  const head = new URL(seen[0].path, "http://x").searchParams.get("head");
  assert.equal(head, "acme:feature/ünïcode&more");
});
