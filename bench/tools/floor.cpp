// floor WORK FILE...: the least that any reader of these files has to do, on one thread, as one JSON object with bytes,
// documents and a digest, so that the work can be seen to have been done.
//
//   read     every byte, in blocks of 1 MiB
//   hash     read, and SHA-256 over all
//   parse    read, and simdjson's DOM of every line (Debian's release; its own choice of kernel; no second thread)
//   judge    read once, SHA-256 and parse: what a reader of hashed evidence cannot do without
//   inflate  libarchive over the file's compression and every member, to nowhere
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <simdjson.h>
#include <unistd.h>

namespace {

constexpr std::size_t kBlock = std::size_t{1} << 20;

struct Done {
  std::uint64_t bytes = 0, documents = 0, sum = 0;
  std::string digest;
  std::string trouble;  // empty: none
};

class Hash {
 public:
  Hash() { EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr); }
  void add(std::string_view bytes) { EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()); }
  std::string finish() {
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    EVP_DigestFinal_ex(context_.get(), bytes, &size);
    std::string text;
    for (unsigned i = 0; i < size; ++i) text += fmt::format("{:02x}", bytes[i]);
    return text;
  }

 private:
  std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context_{EVP_MD_CTX_new(), EVP_MD_CTX_free};
};

// Whole lines only; what is left is for the next block.
class Parser {
 public:
  Parser() { parser_.threaded = false; }

  // The bytes of `lines` and SIMDJSON_PADDING behind them must be readable.
  bool add(const char* lines, std::size_t size, Done& done) {
    simdjson::dom::document_stream stream;
    if (parser_.parse_many(lines, size, std::max(size, std::size_t{32})).get(stream) != simdjson::SUCCESS) return false;
    for (auto document : stream) {
      if (document.error() != simdjson::SUCCESS) return false;
      ++done.documents;
    }
    return stream.truncated_bytes() == 0;
  }

 private:
  simdjson::dom::parser parser_;
};

std::uint64_t touch(std::string_view bytes) {
  std::uint64_t sum = 0;
  std::uint64_t word = 0;
  for (std::size_t i = 0; i + sizeof word <= bytes.size(); i += sizeof word) {
    std::memcpy(&word, bytes.data() + i, sizeof word);
    sum += word;
  }
  return sum;
}

struct Work {
  bool hash = false, parse = false;
};

void run_file(const char* path, Work work, Hash& hash, Parser& parser, Done& done) {
  const int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    done.trouble = "cannot be opened";
    return;
  }
  std::vector<char> buffer(2 * kBlock + simdjson::SIMDJSON_PADDING);
  std::size_t held = 0;
  for (;;) {
    if (buffer.size() < held + kBlock + simdjson::SIMDJSON_PADDING) buffer.resize(2 * buffer.size());
    const ssize_t got = read(file, buffer.data() + held, kBlock);
    if (got <= 0) break;
    const std::string_view fresh(buffer.data() + held, static_cast<std::size_t>(got));
    done.bytes += fresh.size();
    if (work.hash) hash.add(fresh);
    if (!work.parse) {
      if (!work.hash) done.sum += touch(fresh);
      continue;
    }
    held += fresh.size();
    const std::size_t whole = std::string_view(buffer.data(), held).rfind('\n') + 1;
    if (whole == 0) continue;
    if (!parser.add(buffer.data(), whole, done)) done.trouble = "is not JSON of one document a line";
    held -= whole;
    std::memmove(buffer.data(), buffer.data() + whole, held);
  }
  if (held != 0 && !parser.add(buffer.data(), held, done)) done.trouble = "is not JSON of one document a line";
  close(file);
}

void inflate_file(const char* path, Done& done) {
  const std::unique_ptr<archive, int (*)(archive*)> reader(archive_read_new(), archive_read_free);
  archive_read_support_filter_all(reader.get());
  archive_read_support_format_zip(reader.get());
  archive_read_support_format_tar(reader.get());
  archive_read_support_format_raw(reader.get());
  if (archive_read_open_filename(reader.get(), path, kBlock) != ARCHIVE_OK) {
    done.trouble = archive_error_string(reader.get());
    return;
  }
  archive_entry* entry = nullptr;
  while (archive_read_next_header(reader.get(), &entry) == ARCHIVE_OK) {
    ++done.documents;
    const void* block = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    while (archive_read_data_block(reader.get(), &block, &size, &offset) == ARCHIVE_OK) done.bytes += size;
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view name = argc > 2 ? argv[1] : "";
  if (name != "read" && name != "hash" && name != "parse" && name != "judge" && name != "inflate") {
    fmt::print(stderr, "usage: floor read|hash|parse|judge|inflate FILE...\n");
    return 2;
  }
  const Work work{.hash = name == "hash" || name == "judge", .parse = name == "parse" || name == "judge"};
  Done done;
  Hash hash;
  Parser parser;
  for (int i = 2; i < argc && done.trouble.empty(); ++i) {
    if (name == "inflate") {
      inflate_file(argv[i], done);
    } else {
      run_file(argv[i], work, hash, parser, done);
    }
    if (!done.trouble.empty()) {
      fmt::print(stderr, "floor: {}: {}\n", argv[i], done.trouble);
      return 2;
    }
  }
  done.digest = work.hash ? hash.finish() : fmt::format("{:016x}", done.sum);
  fmt::print("{{\"bytes\":{},\"documents\":{},\"digest\":\"{}\",\"kernel\":\"{}\"}}\n", done.bytes, done.documents,
             done.digest, simdjson::get_active_implementation()->name());
  return 0;
}
