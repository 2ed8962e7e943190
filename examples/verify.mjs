// Verifies deliveries with nothing but Node.
//   WEBHOOK_SECRET=whsec_… PORT=9000 node verify.mjs
import { createHmac, createPublicKey, timingSafeEqual, verify as verifyEd25519 } from "node:crypto";
import { createServer } from "node:http";

const TOLERANCE_SECONDS = 300;

// Whether the gateway signed these very bytes (`body` is a Buffer), and less than five minutes ago.
export function verify(key, headers, body, now) {
  const timestamp = headers["webhook-timestamp"] ?? "";
  if (!/^[0-9]{1,12}$/.test(timestamp) || Math.abs(now - Number(timestamp)) > TOLERANCE_SECONDS) return false;
  const content = Buffer.concat([Buffer.from(`${headers["webhook-id"] ?? ""}.${timestamp}.`), body]);
  const [version, fits] = key.startsWith("whpk_") ? ["v1a", fitsEd25519] : ["v1", fitsHmac];
  return (headers["webhook-signature"] ?? "").split(" ").some((entry) => {
    const [kind, signature = ""] = entry.split(",");
    return kind === version && fits(key, content, Buffer.from(signature, "base64"));
  });
}

function fitsHmac(key, content, signature) {
  const secret = Buffer.from(key.replace("whsec_", ""), "base64");
  const expected = createHmac("sha256", secret).update(content).digest();
  return signature.length === expected.length && timingSafeEqual(signature, expected);
}

function fitsEd25519(key, content, signature) {
  const x = Buffer.from(key.replace("whpk_", ""), "base64").toString("base64url");
  const publicKey = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  return verifyEd25519(null, content, publicKey, signature);
}

// A server to try it with:

createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const verified = verify(process.env.WEBHOOK_SECRET, request.headers, body, Date.now() / 1000);
  if (verified) console.log(body.toString("utf8"));
  response.writeHead(verified ? 204 : 401).end();
}).listen(Number(process.env.PORT ?? 9000), "127.0.0.1");
