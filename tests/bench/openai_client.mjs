// What the official client takes to read a stream: CPU microseconds per event
// of this process, without its start. Arguments: base URL, number of streams.
import OpenAI from "openai";

const [baseURL, streams] = process.argv.slice(2);
const client = new OpenAI({ apiKey: "k", baseURL, maxRetries: 0 });

async function read() {
  let events = 0;
  const stream = await client.chat.completions.create({
    model: "m", stream: true, messages: [{ role: "user", content: "x" }],
  });
  for await (const chunk of stream) events += chunk.choices.length;
  return events;
}

await read(); // compiled code is what counts
let best = Infinity;
for (let i = 1; i < Number(streams); ++i) {
  const before = process.cpuUsage();
  const events = await read();
  const { user, system } = process.cpuUsage(before);
  best = Math.min(best, (user + system) / events);
}
console.log(best);
