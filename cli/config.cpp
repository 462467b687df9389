#include "config.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tocsin::cli {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t kLargest = std::size_t{1} << 20;
constexpr std::string_view kName = "tocsin/tocsin.toml";

// Only absolute names count, as the XDG specification has it.
void add_place(std::vector<std::string>& places, std::string_view folder) {
  if (folder.starts_with('/')) places.push_back(fs::path(folder) / kName);
}

std::vector<std::string> usual_places(const Environment& environment) {
  std::vector<std::string> places;
  const std::string home = environment("HOME").value_or("");
  const std::string own = environment("XDG_CONFIG_HOME").value_or("");
  add_place(places, own.empty() && !home.empty() ? home + "/.config" : own);
  std::string shared = environment("XDG_CONFIG_DIRS").value_or("");
  if (shared.empty()) shared = "/etc/xdg";
  for (std::string_view rest = shared; !rest.empty();) {
    const std::string_view folder = rest.substr(0, rest.find(':'));
    add_place(places, folder);
    rest.remove_prefix(std::min(rest.size(), folder.size() + 1));
  }
  return places;
}

std::unexpected<Error> cannot_read(const std::string& path, int error) {
  return fail(error == ENOENT ? ErrorCode::not_found : ErrorCode::io,
              fmt::format("cannot read the config file: {}", std::strerror(error)), path,
              "--no-config goes on without one");
}

Result<std::string> read_whole(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return cannot_read(path, errno);
  std::string text(kLargest + 1, '\0');
  std::size_t size = 0;
  int error = 0;
  while (size < text.size()) {
    const ssize_t got = read(file, text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) error = errno;
    if (got <= 0) break;
    size += static_cast<std::size_t>(got);
  }
  close(file);
  if (error != 0) return cannot_read(path, error);
  if (size > kLargest) {
    return fail(ErrorCode::limit, fmt::format("expected a config file of at most {} bytes, found more", kLargest),
                path);
  }
  text.resize(size);
  return text;
}

}  // namespace

const ConfigValue* Config::find(Command command, std::string_view flag) const {
  if (const auto section = by_command.find(command); section != by_command.end()) {
    if (const auto own = section->second.find(flag); own != section->second.end()) return &own->second;
  }
  const auto shared = all.find(flag);
  return shared == all.end() ? nullptr : &shared->second;
}

Result<Config> load_config(const ConfigChoice& choice, const Environment& environment) {
  if (choice.none) return Config{};
  std::string path = choice.file;
  if (path.empty()) {
    for (const std::string& place : usual_places(environment)) {
      struct stat status{};
      if (stat(place.c_str(), &status) != 0) continue;
      path = place;
      break;
    }
  }
  if (path.empty()) return Config{};
  TOCSIN_TRY(const std::string text, read_whole(path));
  return parse_config(text, path, environment);
}

std::optional<std::string> process_environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

}  // namespace tocsin::cli
