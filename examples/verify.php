<?php
// Verifies deliveries with nothing but PHP (`whpk_` needs its sodium extension, which is built in as a rule).
//   WEBHOOK_SECRET=whsec_… php -S 127.0.0.1:9000 verify.php

declare(strict_types=1);

const TOLERANCE_SECONDS = 300;

/** Whether the gateway signed these very bytes, and less than five minutes ago. Names of headers in lower case. */
function verify(string $key, array $headers, string $body, int $now): bool
{
    $timestamp = $headers['webhook-timestamp'] ?? '';
    if (!preg_match('/\A[0-9]{1,12}\z/', $timestamp) || abs($now - (int) $timestamp) > TOLERANCE_SECONDS) {
        return false;
    }
    $content = ($headers['webhook-id'] ?? '') . ".$timestamp.$body";
    [$version, $fits] = str_starts_with($key, 'whpk_') ? ['v1a', 'fits_ed25519'] : ['v1', 'fits_hmac'];
    foreach (explode(' ', $headers['webhook-signature'] ?? '') as $entry) {
        [$kind, $signature] = explode(',', $entry, 2) + ['', ''];
        if ($kind === $version && $fits($key, $content, (string) base64_decode($signature, true))) {
            return true;
        }
    }
    return false;
}

function fits_hmac(string $key, string $content, string $signature): bool
{
    $secret = base64_decode(substr($key, strlen('whsec_')), true);
    return $secret !== false && hash_equals(hash_hmac('sha256', $content, $secret, true), $signature);
}

function fits_ed25519(string $key, string $content, string $signature): bool
{
    $public = base64_decode(substr($key, strlen('whpk_')), true);
    return strlen($signature) === SODIUM_CRYPTO_SIGN_BYTES
        && sodium_crypto_sign_verify_detached($signature, $content, $public);
}

// A server to try it with:

$headers = [
    'webhook-id' => $_SERVER['HTTP_WEBHOOK_ID'] ?? '',
    'webhook-timestamp' => $_SERVER['HTTP_WEBHOOK_TIMESTAMP'] ?? '',
    'webhook-signature' => $_SERVER['HTTP_WEBHOOK_SIGNATURE'] ?? '',
];
$body = (string) file_get_contents('php://input');
$verified = verify((string) getenv('WEBHOOK_SECRET'), $headers, $body, time());
if ($verified) {
    file_put_contents('php://stdout', "$body\n");
}
http_response_code($verified ? 204 : 401);
