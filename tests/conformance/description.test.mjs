// Every request that pj really sends to GitHub, held against GitHub's own
// description of its API.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, test } from "node:test";

import { startMock } from "./mock.mjs";
import { freePort, runBatch, runDoctor, runTask, untilItIs, validateBatch } from "./pj.mjs";
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
  for (const [path, body] of [
    ["/repos/acme/hello/issues/1/labels", '{"labels":7}'],
    ["/repos/acme/hello/issues/1/assignees", '{"assignees":"ada"}'],
    ["/repos/acme/hello/pulls/1/requested_reviewers", '{"reviewers":[7]}'],
    ["/repos/acme/hello/forks", '{"organization":["guild"]}'],
    ["/repos/acme/hello/merge-upstream", "{}"],
    ["/app/installations/x/access_tokens", "{}"],
  ])
    assert.equal((await complaints({ method: "POST", path, headers: json, body })).length, 1, path);
  for (const [method, path, body] of [
    ["PUT", `${pulls}/1/merge`, '{"merge_method":"blend"}'],
    ["PATCH", `${pulls}/1`, '{"state":"merged"}'],
  ])
    assert.equal((await complaints({ method, path, headers: json, body })).length, 1, path);
});

/** What one task asks; `relay` stands before the GitHub of `mock`. */
async function requestsThrough(relay, mock, options = {}) {
  const { code, err } = await runTask(mock, {
    ...options, environment: { ...options.environment, GITHUB_API_URL: relay.url },
  });
  assert.equal(code, 0, err);
  return relay.seen.splice(0);
}

async function requestsOf(fixtures, options = {}) {
  const mock = await startMock(fixtures);
  return requestsThrough(await startRelay(mock.github), mock, options);
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

test("labels, assignees, reviewers and a draft", async () => {
  const seen = await requestsOf("", {
    flags: ["--label", "bot", "--label", "help wanted", "--assignee", "ada", "--reviewer", "bob", "--team-reviewer", "acme/core", "--draft"],
  });
  await check(seen, [
    ...lookUpAndCreate,
    "POST /repos/acme/hello/issues/1/assignees",
    "POST /repos/acme/hello/issues/1/labels",
    "POST /repos/acme/hello/pulls/1/requested_reviewers",
  ].sort());
});

/** What `verbs` ask about the pull request of a batch, without branch names. */
async function requestsOfVerbs(...verbs) {
  const mock = await startMock();
  const relay = await startRelay(mock.github);
  for (const { code, err } of await runBatch(mock, verbs, { GITHUB_API_URL: relay.url }))
    assert.equal(code, 0, err);
  return relay.seen.splice(0);
}

/** `check`, with branches of batches told by their first part. */
async function checkVerbs(seen, expected) {
  const shown = seen.map((r) => `${r.method} ${r.path.split("?")[0].replace(/heads%2F.*/, "heads%2F…")}`);
  assert.deepEqual([...new Set(shown)].sort(), [...lookUpAndCreate, ...expected].sort());
  for (const request of seen)
    assert.deepEqual(await complaints(request), []);
}

test("the pull request of a batch, listed, merged and its branch deleted", async () => {
  const seen = await requestsOfVerbs(["prs", "b"], ["merge", "b", "--yes", "--method", "squash", "--delete-branch"]);
  await checkVerbs(seen, [
    "GET /repos/acme/hello/pulls/1",
    "PUT /repos/acme/hello/pulls/1/merge",
    "GET /repos/acme/hello/git/ref/heads%2F…",
    "DELETE /repos/acme/hello/git/refs/heads%2F…",
  ]);
});

test("the pull request of a batch, closed with a comment", async () => {
  const seen = await requestsOfVerbs(["close", "b", "--yes", "--comment", "No longer needed.", "--delete-branch"]);
  await checkVerbs(seen, [
    "GET /repos/acme/hello/pulls/1",
    "PATCH /repos/acme/hello/pulls/1",
    "POST /repos/acme/hello/issues/1/comments",
    "GET /repos/acme/hello/git/ref/heads%2F…",
    "DELETE /repos/acme/hello/git/refs/heads%2F…",
  ]);
});

/** A commit on acme/hello's `main` that no fork has yet. */
function moveBase(mock) {
  const folder = mkdtempSync(join(tmpdir(), "pj-conformance-git-"));
  const basic = Buffer.from(`x-access-token:${mock.token}`).toString("base64");
  const git = (...words) => execFileSync("git", [
    "-c", `http.extraHeader=Authorization: Basic ${basic}`, "-c", "user.name=a", "-c", "user.email=a@example.com", ...words,
  ], { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  git("clone", "-q", `${mock.git}/acme/hello.git`, ".");
  git("commit", "-q", "--allow-empty", "-m", "On it goes");
  git("push", "-q", "origin", "main");
  rmSync(folder, { recursive: true });
}

test("a fork, and again when its base is behind", async () => {
  const mock = await startMock();
  const relay = await startRelay(mock.github);
  const made = await requestsThrough(relay, mock, { flags: ["--fork"] });
  const ready = [
    "GET /repos/acme/hello/pulls",
    "GET /repos/pj-mock/hello/branches/main",
    "GET /repos/pj-mock/hello/commits",
    "POST /repos/acme/hello/forks",
    "POST /repos/acme/hello/pulls",
  ];
  await check(made, ready);
  const head = new URL(made.find((r) => r.path.includes("/pulls?")).path, "http://x").searchParams.get("head");
  assert.match(head, /^pj-mock:/);
  moveBase(mock);
  const behind = await requestsThrough(relay, mock, { flags: ["--fork"] });
  await check(behind, [...ready, "POST /repos/pj-mock/hello/merge-upstream"]);
});

test("a fork in an organization", async () => {
  const seen = await requestsOf("", { flags: ["--fork-owner", "guild"] });
  await check(seen, [
    "GET /repos/acme/hello/pulls",
    "GET /repos/guild/hello",
    "GET /repos/guild/hello/branches/main",
    "GET /repos/guild/hello/commits",
    "POST /repos/acme/hello/forks",
    "POST /repos/acme/hello/pulls",
  ]);
  assert.deepEqual(JSON.parse(seen.find((r) => r.path.endsWith("/forks")).body), { organization: "guild" });
});

test("the token of a GitHub App's installation", async () => {
  const mock = await startMock("", "--app", "4711");
  const { id, installation, key } = mock.app;
  const seen = await requestsThrough(await startRelay(mock.github), mock, {
    environment: { GITHUB_TOKEN: "" },
    flags: ["--github-app-id", id, "--github-app-installation-id", installation, "--github-app-key", key],
  });
  await check(seen, [...lookUpAndCreate, `POST /app/installations/${installation}/access_tokens`].sort());
});

test("lists of an owner's repositories, of a topic and of a search", async () => {
  const mock = await startMock();
  const relay = await startRelay(mock.github);
  for (const [source, path] of [
    ["organization: acme", "/orgs/acme/repos"],
    ["user: acme", "/users/acme/repos"],
    ["topic: node", "/search/repositories"],
    ['search: "hello in:name"', "/search/repositories"],
  ]) {
    await validateBatch(mock, `  - ${source}`, { GITHUB_API_URL: relay.url });
    const seen = relay.seen.splice(0);
    assert.ok(seen.length > 0, source);
    await check(seen, [`GET ${path}`]);
  }
});

test("what doctor asks", async () => {
  const mock = await startMock();
  const relay = await startRelay(mock.github);
  const { code, out, err } = await runDoctor(mock, { GITHUB_API_URL: relay.url });
  assert.equal(code, 0, out + err);
  await check(relay.seen.splice(0), ["GET /repos/acme/hello"]);
});
