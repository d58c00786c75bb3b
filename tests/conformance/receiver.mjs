// Small HTTP servers that note what they get.
import { createServer } from "node:http";
import { once } from "node:events";
import { after } from "node:test";

async function bytesOf(stream) {
  const pieces = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function listen(handler) {
  const server = createServer(handler);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${server.address().port}`;
}

/** Answers every request with the next of `statuses`, then with 204. */
export async function startReceiver(statuses = []) {
  const seen = [];
  const url = await listen(async (request, response) => {
    const body = await bytesOf(request);
    const status = statuses.shift() ?? 204;
    seen.push({ headers: request.headers, body: body.toString(), status });
    response.writeHead(status).end();
  });
  return { url: `${url}/hook`, seen };
}

/** Hands every request on to `target` and notes it. */
export async function startRelay(target) {
  const seen = [];
  const url = await listen(async (request, response) => {
    const body = await bytesOf(request);
    const { method, url: path, headers } = request;
    seen.push({ method, path, headers, body: body.toString() });
    const { host, connection, "content-length": _, ...rest } = headers;
    try {
      const answer = await fetch(target + path, {
        method, headers: rest, redirect: "manual", ...(body.length ? { body } : {}),
      });
      const kept = Object.fromEntries([...answer.headers].filter(
        ([name]) => !["connection", "content-length", "transfer-encoding"].includes(name)));
      response.writeHead(answer.status, kept).end(Buffer.from(await answer.arrayBuffer()));
    } catch {
      response.destroy(); // the target broke off, and so does this
    }
  });
  return { url, seen };
}
