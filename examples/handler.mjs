// One handler for Messenger, Instagram and WhatsApp.
//   npm install standardwebhooks
//   WEBHOOK_SECRET=whsec_… PORT=9000 node handler.mjs
import { createServer } from "node:http";
import { Webhook } from "standardwebhooks";

const webhook = new Webhook(process.env.WEBHOOK_SECRET);
const seen = new Set(); // in production: a unique column in your database

function handle(event) {
  if (event.event !== "message.received") return;
  const text = event.message.body ?? `(${event.message.type})`;
  console.log(`${event.platform} ${event.from} → ${event.page_id}: ${text}`);
}

createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  let event;
  try {
    event = webhook.verify(Buffer.concat(chunks).toString("utf8"), request.headers);
  } catch {
    return response.writeHead(401).end("wrong signature");
  }
  if (!seen.has(event.id)) {
    handle(event); // deliveries may repeat; the id does not change
    seen.add(event.id);
  }
  response.writeHead(204).end();
}).listen(Number(process.env.PORT ?? 9000), "127.0.0.1");
