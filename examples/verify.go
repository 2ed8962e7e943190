// Verifies deliveries with nothing but the standard library.
//
//	WEBHOOK_SECRET=whsec_… PORT=9000 go run verify.go
package main

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

const toleranceSeconds = 300

// verify tells whether the gateway signed these very bytes, and less than five minutes ago.
func verify(key string, header http.Header, body []byte, now time.Time) bool {
	timestamp := header.Get("webhook-timestamp")
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	age := now.Unix() - seconds
	if err != nil || age > toleranceSeconds || age < -toleranceSeconds {
		return false
	}
	content := append([]byte(header.Get("webhook-id")+"."+timestamp+"."), body...)
	version, fits := "v1", fitsHMAC
	if strings.HasPrefix(key, "whpk_") {
		version, fits = "v1a", fitsEd25519
	}
	for _, entry := range strings.Fields(header.Get("webhook-signature")) {
		kind, text, _ := strings.Cut(entry, ",")
		signature, err := base64.StdEncoding.DecodeString(text)
		if kind == version && err == nil && fits(key, content, signature) {
			return true
		}
	}
	return false
}

func fitsHMAC(key string, content, signature []byte) bool {
	secret, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(key, "whsec_"))
	digest := hmac.New(sha256.New, secret)
	digest.Write(content)
	return err == nil && len(secret) > 0 && hmac.Equal(signature, digest.Sum(nil))
}

func fitsEd25519(key string, content, signature []byte) bool {
	public, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(key, "whpk_"))
	return err == nil && len(public) == ed25519.PublicKeySize && ed25519.Verify(public, content, signature)
}

// A server to try it with:

func main() {
	http.HandleFunc("/", func(response http.ResponseWriter, request *http.Request) {
		body, err := io.ReadAll(request.Body)
		if err != nil || !verify(os.Getenv("WEBHOOK_SECRET"), request.Header, body, time.Now()) {
			response.WriteHeader(http.StatusUnauthorized)
			return
		}
		fmt.Println(string(body))
		response.WriteHeader(http.StatusNoContent)
	})
	if err := http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), nil); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
