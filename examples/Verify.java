// Verifies deliveries with nothing but the JDK, 17 or newer.
//   WEBHOOK_SECRET=whsec_… PORT=9000 java Verify.java

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Objects;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public class Verify {
    static final long TOLERANCE_SECONDS = 300;
    static final String ED25519_HEAD = "302a300506032b6570032100"; // before the 32 bytes in DER (RFC 8410)

    /** Whether the gateway signed these very bytes, and less than five minutes ago. */
    static boolean verify(String key, Headers headers, byte[] body, long now) throws GeneralSecurityException {
        String timestamp = Objects.requireNonNullElse(headers.getFirst("webhook-timestamp"), "");
        if (!timestamp.matches("[0-9]{1,12}") || Math.abs(now - Long.parseLong(timestamp)) > TOLERANCE_SECONDS) {
            return false;
        }
        var content = new ByteArrayOutputStream();
        content.writeBytes((headers.getFirst("webhook-id") + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
        content.writeBytes(body);
        String list = Objects.requireNonNullElse(headers.getFirst("webhook-signature"), "");
        for (String entry : list.split(" ")) {
            String[] parts = entry.split(",", 2);
            if (parts.length == 2 && fits(key, content.toByteArray(), parts[0], parts[1])) {
                return true;
            }
        }
        return false;
    }

    static boolean fits(String key, byte[] content, String version, String signature) throws GeneralSecurityException {
        byte[] bytes = Base64.getDecoder().decode(key.substring(key.indexOf('_') + 1));
        if (key.startsWith("whpk_")) {
            return version.equals("v1a") && fitsEd25519(bytes, content, signature);
        }
        return version.equals("v1") && fitsHmac(bytes, content, signature);
    }

    static boolean fitsHmac(byte[] secret, byte[] content, String signature) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        byte[] expected = Base64.getEncoder().encode(mac.doFinal(content));
        return MessageDigest.isEqual(expected, signature.getBytes(StandardCharsets.UTF_8));
    }

    static boolean fitsEd25519(byte[] key, byte[] content, String signature) throws GeneralSecurityException {
        byte[] encoded = HexFormat.of().parseHex(ED25519_HEAD + HexFormat.of().formatHex(key));
        Signature verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
        verifier.update(content);
        try {
            return verifier.verify(Base64.getDecoder().decode(signature));
        } catch (GeneralSecurityException | IllegalArgumentException malformed) {
            return false;
        }
    }

    // A server to try it with:

    public static void main(String[] arguments) throws IOException {
        int port = Integer.parseInt(Objects.requireNonNullElse(System.getenv("PORT"), "9000"));
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        server.createContext("/", Verify::receive);
        server.start();
    }

    static void receive(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        long now = System.currentTimeMillis() / 1000;
        boolean verified;
        try {
            verified = verify(System.getenv("WEBHOOK_SECRET"), exchange.getRequestHeaders(), body, now);
        } catch (GeneralSecurityException misconfigured) {
            throw new IOException(misconfigured);
        }
        if (verified) {
            System.out.write(body);
            System.out.println();
        }
        exchange.sendResponseHeaders(verified ? 204 : 401, -1);
        exchange.close();
    }
}
