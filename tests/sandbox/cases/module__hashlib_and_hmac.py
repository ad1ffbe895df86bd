import hashlib
import hmac


def main():
    signed = hmac.new(b"key", b"message", hashlib.sha256)
    digest = hashlib.sha256(b"ab")
    digest.update(b"c")
    return [
        digest.hexdigest(), hashlib.md5(b"abc").hexdigest(), hashlib.new("sha1", b"abc").hexdigest(), hashlib.sha512(b"").digest_size,
        hashlib.blake2b(b"abc", digest_size=8).hexdigest(), hashlib.sha3_256(b"abc").hexdigest()[:8], signed.hexdigest(),
        hmac.compare_digest(signed.hexdigest(), hmac.digest(b"key", b"message", "sha256").hex()),
        hashlib.pbkdf2_hmac("sha256", b"p", b"salt", 10).hex()[:8], digest.name,
    ]

# ends: returned ["ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "900150983cd24fb0d6963f7d28e17f72", "a9993e364706816aba3e25717850c26c9cd0d89d", 64, "d8bb14d833d59559", "3a985da7", "6e9ef29b75fffc5b7abae527d58fdadb2fe42e7219011976917343065f58ed4a", true, "21f93ad8", "sha256"]
