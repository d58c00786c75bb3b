// Runs `pj run` for one task against doubles and other people's servers.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

let tasks = 0;

async function textOf(stream) {
  let text = "";
  for await (const piece of stream) text += piece;
  return text;
}

async function runPj(words, home, mock, environment) {
  const child = spawn(process.env.PJ, words, {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env.PATH,
      HOME: home,
      OPENAI_BASE_URL: mock.openai,
      OPENAI_API_KEY: mock.model_key,
      GITHUB_API_URL: mock.github,
      GITHUB_TOKEN: mock.token,
      ...environment,
    },
  });
  const [[code], out, err] = await Promise.all([
    once(child, "exit"), textOf(child.stdout), textOf(child.stderr),
  ]);
  return { code, out, err };
}

async function withHome(files, use) {
  const home = await mkdtemp(join(tmpdir(), "pj-conformance-home-"));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(home, name)), { recursive: true });
    await writeFile(join(home, name), text);
  }
  const result = await use(home);
  await rm(home, { recursive: true });
  return result;
}

/**
 * One task for acme/hello of `mock`, in a home of its own. `environment`
 * replaces variables, `files` are written below the home first. Gives the exit
 * code, the result object and what people read.
 */
export async function runTask(mock, { environment = {}, files = {}, flags = [] } = {}) {
  const { code, out, err } = await withHome(files, (home) => runPj(["run", "--json", ...flags], home, mock, {
    TARGET_REPO: mock.repos.find((url) => url.includes("acme/hello")),
    TASK_ID: `c${++tasks}`,
    AGENT_PROMPT: "Greet the reader in README.md.",
    ...environment,
  }));
  return { code, err, result: out ? JSON.parse(out) : undefined };
}

/** `pj doctor` for a task like those of `runTask`. */
export function runDoctor(mock, environment = {}) {
  return withHome({}, (home) => runPj(["doctor"], home, mock, {
    TARGET_REPO: mock.repos.find((url) => url.includes("acme/hello")),
    TASK_ID: "doctor",
    AGENT_PROMPT: "Greet the reader in README.md.",
    ...environment,
  }));
}

/** `pj batch validate` for `repositories`, YAML of the list; gives its end. */
export function validateBatch(mock, repositories, environment = {}) {
  const spec = `name: b\nprompt: Greet the reader in README.md.\nrepositories:\n${repositories}\n`;
  return withHome({ "b.yaml": spec }, (home) => runPj(["batch", "validate", join(home, "b.yaml")], home, mock, environment));
}

/**
 * The batch `b` over acme/hello in a home of its own, then each of `verbs`
 * (words behind `pj`). Gives how each ended, the run first.
 */
export function runBatch(mock, verbs, environment = {}) {
  const url = mock.repos.find((one) => one.includes("acme/hello"));
  const spec = `name: b\nprompt: Greet the reader in README.md.\nrepositories: [${url}]\n`;
  return withHome({ "b.yaml": spec }, async (home) => {
    const ends = [];
    for (const words of [["batch", "run", join(home, "b.yaml")], ...verbs])
      ends.push(await runPj(words, home, mock, environment));
    return ends;
  });
}

/** A port of 127.0.0.1 where nobody listens. */
export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}

/** Looks again and again until `so`; throws when `child` ends before. */
export async function untilItIs(what, child, so) {
  while (!(await so())) {
    if (child.exitCode !== null) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** An answer that changes acme/hello's README.md in a way of its own. */
export const goodAnswer = (word = "friend") => `Here it is.

README.md
\`\`\`markdown
<<<<<<< SEARCH
Prints a friendly greeting.
=======
Prints a friendly greeting for every ${word}.
>>>>>>> REPLACE
\`\`\`
`;
