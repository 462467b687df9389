#include "base/hash.hpp"

#include <cassert>

#include <libdeflate.h>
#include <openssl/evp.h>

#include "base/text.hpp"

namespace tocsin::base {

namespace {

// Looked up once: OpenSSL 3 searches its providers each time that a digest is begun by EVP_sha256().
const EVP_MD* sha256_algorithm() {
  static const EVP_MD* const kAlgorithm = [] {
    const EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    return fetched != nullptr ? fetched : EVP_sha256();
  }();
  return kAlgorithm;
}

}  // namespace

struct Sha256::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  State() {
    [[maybe_unused]] const int done = EVP_DigestInit_ex(context, sha256_algorithm(), nullptr);
    assert(done == 1);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { EVP_MD_CTX_free(context); }
};

Sha256::Sha256() : state_(std::make_unique<State>()) {}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(ByteView bytes) {
  EVP_DigestUpdate(state_->context, bytes.data(), bytes.size());
}

Sha256::Digest Sha256::digest() const {
  EVP_MD_CTX* const copy = EVP_MD_CTX_new();
  EVP_MD_CTX_copy_ex(copy, state_->context);
  Digest digest{};
  EVP_DigestFinal_ex(copy, reinterpret_cast<unsigned char*>(digest.data()), nullptr);
  EVP_MD_CTX_free(copy);
  return digest;
}

std::string Sha256::hex() const {
  const Digest bytes = digest();
  return base::hex(bytes);
}

Sha256::Digest sha256(ByteView bytes) {
  Sha256::Digest digest{};
  [[maybe_unused]] const int done =
      EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr,
                 sha256_algorithm(), nullptr);
  assert(done == 1);
  return digest;
}

std::string sha256_hex(std::string_view text) {
  const Sha256::Digest bytes = sha256(as_bytes(text));
  return hex(bytes);
}

std::uint32_t crc32(ByteView bytes, std::uint32_t seed) {
  return bytes.empty() ? seed : ::libdeflate_crc32(seed, bytes.data(), bytes.size());  // for no bytes at all it gives 0
}

std::uint64_t fnv1a(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return hash;
}

}  // namespace tocsin::base
