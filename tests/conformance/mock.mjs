// Starts pj-mock for one test file and ends it with that.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";

async function firstLine(stream) {
  let text = "";
  for await (const piece of stream) {
    text += piece;
    if (text.includes("\n")) return text.slice(0, text.indexOf("\n"));
  }
  throw new Error("pj-mock ended before it was ready");
}

/** The addresses and keys of a running pj-mock; `fixtures` is YAML. */
export async function startMock(fixtures = "", ...options) {
  const folder = await mkdtemp(join(tmpdir(), "pj-conformance-"));
  const file = join(folder, "fixtures.yaml");
  await writeFile(file, fixtures);
  const child = spawn(process.env.PJ_MOCK, ["--json", "--fixtures", file, ...options], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  after(async () => {
    child.kill("SIGTERM");
    await ended;
    await rm(folder, { recursive: true });
  });
  return JSON.parse(await firstLine(child.stdout));
}

/** What reached one face, without the mock's own addresses. */
export async function requestsOf(url) {
  return (await fetch(new URL("/_requests", url))).json();
}

export async function collect(stream) {
  const all = [];
  for await (const event of stream) all.push(event);
  return all;
}
