# Verifies deliveries with nothing but the standard library (`whpk_` needs Ruby 3.0 or newer).
#   WEBHOOK_SECRET=whsec_… PORT=9000 ruby verify.rb

require "openssl"
require "socket"

TOLERANCE_SECONDS = 300
ED25519_HEAD = ["302a300506032b6570032100"].pack("H*") # what stands before the 32 bytes in DER (RFC 8410)

# Whether the gateway signed these very bytes, and less than five minutes ago. Names of headers in lower case.
def verified?(key, headers, body, now)
  timestamp = headers.fetch("webhook-timestamp", "")
  return false unless timestamp.match?(/\A[0-9]{1,12}\z/) && (now - timestamp.to_i).abs <= TOLERANCE_SECONDS

  content = "#{headers["webhook-id"]}.#{timestamp}.".b + body
  version, fits = key.start_with?("whpk_") ? ["v1a", :fits_ed25519?] : ["v1", :fits_hmac?]
  headers.fetch("webhook-signature", "").split.any? do |entry|
    kind, signature = entry.split(",", 2)
    kind == version && send(fits, key, content, signature.to_s)
  end
end

def fits_hmac?(key, content, signature)
  secret = key.delete_prefix("whsec_").unpack1("m")
  expected = [OpenSSL::HMAC.digest("SHA256", secret, content)].pack("m0")
  OpenSSL.secure_compare(signature, expected)
end

def fits_ed25519?(key, content, signature)
  public_key = OpenSSL::PKey.read(ED25519_HEAD + key.delete_prefix("whpk_").unpack1("m"))
  public_key.verify(nil, signature.unpack1("m"), content)
rescue OpenSSL::PKey::PKeyError
  false # a signature of another length
end

# A server to try it with:

def receive(client)
  client.gets
  headers = {}
  until (line = client.gets.to_s.chomp).empty?
    name, value = line.split(":", 2)
    headers[name.downcase] = value.to_s.strip
  end
  body = client.read(headers["content-length"].to_i).to_s
  accepted = verified?(ENV.fetch("WEBHOOK_SECRET"), headers, body, Time.now.to_i)
  puts body if accepted
  client.write "HTTP/1.1 #{accepted ? "204 No Content" : "401 Unauthorized"}\r\nconnection: close\r\n\r\n"
end

if $PROGRAM_NAME == __FILE__
  $stdout.sync = true
  server = TCPServer.new("127.0.0.1", ENV.fetch("PORT", "9000").to_i)
  loop do
    client = server.accept
    receive(client)
  rescue SystemCallError
    next # the other side has hung up
  ensure
    client&.close
  end
end
