import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import { retry } from "@octokit/plugin-retry";
import { throttling } from "@octokit/plugin-throttling";
import { Octokit } from "@octokit/rest";

import { startMock } from "./mock.mjs";

const mock = await startMock(`
faults:
  - {face: github, kind: lost-response, method: POST, path: /repos/acme/shop/pulls, times: 1}
  - {face: github, kind: status, status: 403, path: /repos/acme/widgets/labels,
     body: '{"message":"You have exceeded a secondary rate limit."}', headers: {retry-after: "60"}}
  - {face: github, kind: status, status: 429, path: /repos/acme/widgets/assignees, times: 1,
     body: '{"message":"You have exceeded a secondary rate limit."}', headers: {retry-after: "1"}}
  - {face: github, kind: status, status: 403, path: /repos/acme/widgets/issues/9, times: 1,
     body: '{"message":"API rate limit exceeded"}', headers: {x-ratelimit-remaining: "0", x-ratelimit-reset: "1"}}
  - {face: github, kind: status, status: 502, path: /repos/acme/widgets/branches, times: 1}
renamed: {acme/old: acme/hello}
`);
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const octokit = new Octokit({ auth: mock.token, baseUrl: mock.github, log: quiet });
const hello = { owner: "acme", repo: "hello" };
const folder = mkdtempSync(join(tmpdir(), "pj-conformance-git-"));
after(() => rmSync(folder, { recursive: true }));

function git(where, ...words) {
  const basic = Buffer.from(`x-access-token:${mock.token}`).toString("base64");
  return execFileSync("git", [
    "-c", `http.extraHeader=Authorization: Basic ${basic}`, "-c", "user.name=a", "-c", "user.email=a@example.com", ...words,
  ], { cwd: where, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

function pushBranch(repository, branch) {
  const tree = join(folder, `${repository}-${branch.replace("/", "-")}`);
  git(folder, "clone", "-q", `${mock.git}/acme/${repository}.git`, tree);
  git(tree, "checkout", "-q", "-b", branch);
  writeFileSync(join(tree, "new.txt"), `${branch}\n`);
  git(tree, "add", "new.txt");
  git(tree, "commit", "-q", "-m", "More");
  git(tree, "push", "-q", "origin", branch);
}

test("a pull request from branch to merge", async () => {
  pushBranch("hello", "work");
  const { data: pull } = await octokit.pulls.create({ ...hello, title: "More", head: "work", base: "main", body: "b" });
  assert.equal(pull.number, 1);
  assert.equal(pull.draft, false);
  assert.equal(pull.head.label, "acme:work");
  await assert.rejects(octokit.pulls.create({ ...hello, title: "More", head: "work", base: "main" }),
    (e) => e.status === 422 && e.response.data.errors[0].message === "A pull request already exists for acme:work.");
  const { data: found } = await octokit.pulls.list({ ...hello, head: "acme:work", state: "open" });
  assert.deepEqual(found.map((p) => p.number), [1]);
  const target = { ...hello, issue_number: 1 };
  assert.deepEqual((await octokit.issues.addLabels({ ...target, labels: ["bot"] })).data.map((l) => l.name), ["bot"]);
  assert.equal((await octokit.issues.addAssignees({ ...target, assignees: ["ada"] })).data.assignees[0].login, "ada");
  const asked = await octokit.pulls.requestReviewers({ ...hello, pull_number: 1, reviewers: ["bob"] });
  assert.equal(asked.data.requested_reviewers[0].login, "bob");
  assert.equal((await octokit.pulls.update({ ...hello, pull_number: 1, title: "Better" })).data.title, "Better");
  const merge = (sha) => octokit.pulls.merge({ ...hello, pull_number: 1, merge_method: "squash", sha });
  await assert.rejects(merge("0".repeat(40)), (e) => e.status === 409);
  assert.equal((await merge(pull.head.sha)).data.merged, true);
  await assert.rejects(merge(pull.head.sha), (e) => e.status === 405);
  assert.equal((await octokit.pulls.get({ ...hello, pull_number: 1 })).data.state, "closed");
});

test("a draft is not merged, and a branch goes with its pull request", async () => {
  pushBranch("hello", "more/work");
  const { data: pull } = await octokit.pulls.create({ ...hello, title: "More", head: "more/work", base: "main", draft: true });
  assert.equal(pull.draft, true);
  await assert.rejects(octokit.pulls.merge({ ...hello, pull_number: pull.number }), (e) => e.status === 405);
  const ref = "heads/more/work";
  assert.equal((await octokit.git.getRef({ ...hello, ref })).data.object.sha, pull.head.sha);
  assert.equal((await octokit.git.deleteRef({ ...hello, ref })).status, 204);
  await assert.rejects(octokit.git.deleteRef({ ...hello, ref }), (e) => e.status === 422);
  assert.equal((await octokit.pulls.get({ ...hello, pull_number: pull.number })).data.state, "closed");
});

test("refusals have GitHub's shapes", async () => {
  await assert.rejects(octokit.pulls.create({ ...hello, title: "t", head: "nowhere", base: "main" }),
    (e) => e.status === 422 && e.response.data.errors[0].field === "head" && e.response.data.errors[0].code === "invalid");
  await assert.rejects(octokit.pulls.create({ ...hello, title: "t", head: "main", base: "main" }), /No commits between main and main/);
  await assert.rejects(octokit.repos.get({ owner: "acme", repo: "none" }), (e) => e.status === 404);
  const wrong = new Octokit({ auth: "wrong", baseUrl: mock.github, log: quiet });
  await assert.rejects(wrong.users.getAuthenticated(), (e) => e.status === 401 && /Bad credentials/.test(e.message));
  await assert.rejects(octokit.issues.listLabelsForRepo({ owner: "acme", repo: "widgets" }),
    (e) => e.status === 403 && /secondary rate/.test(e.message) && e.response.headers["retry-after"] === "60");
});

test("the official plugins know the limits for what they are", async () => {
  const met = [];
  const note = (kind) => (seconds, { url }) => {
    met.push(`${kind} ${seconds} ${url}`);
    return kind === "secondary";
  };
  const common = { auth: mock.token, baseUrl: mock.github, log: quiet };
  const patient = new (Octokit.plugin(throttling))({
    ...common, throttle: { onRateLimit: note("primary"), onSecondaryRateLimit: note("secondary") },
  });
  const widgets = { owner: "acme", repo: "widgets" };
  const stubborn = new (Octokit.plugin(retry))(common);
  assert.equal((await stubborn.repos.getBranch({ ...widgets, branch: "main" })).data.name, "main");
  await assert.rejects(patient.issues.listAssignees(widgets), (e) => e.status === 404);
  await assert.rejects(patient.issues.get({ ...widgets, issue_number: 9 }), (e) => e.status === 403);
  assert.deepEqual(met, [
    "secondary 1 /repos/{owner}/{repo}/assignees", "primary 0 /repos/{owner}/{repo}/issues/{issue_number}",
  ]);
});

test("who am I, what may I do, what is left", async () => {
  const { data, headers } = await octokit.users.getAuthenticated();
  assert.equal(data.login, "pj-mock");
  assert.match(headers["x-oauth-scopes"], /repo/);
  assert.equal((await octokit.repos.get(hello)).data.permissions.push, true);
  assert.ok((await octokit.rateLimit.get()).data.rate.remaining > 0);
  assert.equal((await octokit.repos.getBranch({ ...hello, branch: "main" })).data.name, "main");
});

test("a moved repository is followed", async () => {
  assert.equal((await octokit.repos.get({ owner: "acme", repo: "old" })).data.full_name, "acme/hello");
});

test("a response lost after the creation leaves one pull request", async () => {
  pushBranch("shop", "work");
  const shop = { owner: "acme", repo: "shop" };
  await assert.rejects(octokit.pulls.create({ ...shop, title: "t", head: "work", base: "main" }));
  assert.equal((await octokit.pulls.list({ ...shop, head: "acme:work" })).data.length, 1);
});

test("lists come in pages", async () => {
  for (const branch of ["a", "b", "c"]) {
    pushBranch("widgets", branch);
    await octokit.pulls.create({ owner: "acme", repo: "widgets", title: branch, head: branch, base: "main" });
  }
  const all = await octokit.paginate(octokit.pulls.list, { owner: "acme", repo: "widgets", per_page: 2 });
  assert.deepEqual(all.map((p) => p.title), ["c", "b", "a"]);
});

test("a fork", async () => {
  const { data } = await octokit.repos.createFork(hello);
  assert.equal(data.full_name, "pj-mock/hello");
  assert.equal(data.fork, true);
});

test("GitHub Enterprise's address", async () => {
  const enterprise = new Octokit({ auth: mock.token, baseUrl: `${mock.github}/api/v3`, log: quiet });
  const { data } = await enterprise.pulls.get({ ...hello, pull_number: 1 });
  assert.equal(data.html_url, `${mock.github}/acme/hello/pull/1`);
});
