// Result<T>: the outcome of an operation that can fail for a reason outside our own code.
//
// Three kinds of trouble have three words (docs/decisions/0002-three-kinds-of-trouble.md): damaged evidence is an
// Anomaly and reading goes on; an operation that cannot be done is a Result with an Error; our own bug is an assert.
// Values here own what they hold and may cross threads.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <utility>

namespace tocsin {

enum class ErrorCode : std::uint8_t {
  invalid_argument,  // the caller asked for something that makes no sense
  not_found,
  permission,
  io,           // the system refused to read or write
  unsupported,  // understood, but not done by this version
  malformed,    // the input is not what it should be
  limit,        // a budget was reached
  conflict,     // e.g. an output that equals an input
  interrupted,  // Ctrl-C
};

// What could not be done. `message` says what was expected and what was found, `place` where (path, path:line:column,
// path@offset), `hint` what to do about it. Each is one sentence without a final line break.
struct Error {
  ErrorCode code = ErrorCode::io;
  std::string message;
  std::string place;
  std::string hint;
};

template <class T>
using Result = std::expected<T, Error>;

[[nodiscard]] inline std::unexpected<Error> fail(ErrorCode code, std::string message, std::string place = {},
                                                 std::string hint = {}) {
  return std::unexpected(Error{code, std::move(message), std::move(place), std::move(hint)});
}

}  // namespace tocsin

#define TOCSIN_CONCAT_2(a, b) a##b
#define TOCSIN_CONCAT(a, b) TOCSIN_CONCAT_2(a, b)
// TOCSIN_TRY(auto x, expression): x gets the value, or the enclosing function returns the error.
#define TOCSIN_TRY(declaration, ...)                                                 \
  auto TOCSIN_CONCAT(tocsin_try_, __LINE__) = (__VA_ARGS__);                         \
  if (!TOCSIN_CONCAT(tocsin_try_, __LINE__)) {                                       \
    return std::unexpected(std::move(TOCSIN_CONCAT(tocsin_try_, __LINE__)).error()); \
  }                                                                                  \
  declaration = std::move(TOCSIN_CONCAT(tocsin_try_, __LINE__)).value()
// TOCSIN_CHECK(expression): the enclosing function returns the error of a Result<void>, if there is one.
#define TOCSIN_CHECK_NAMED(name, ...)                              \
  if (auto name = (__VA_ARGS__); !name) { /* NOLINT(bugprone-*) */ \
    return std::unexpected(std::move(name).error());               \
  }
#define TOCSIN_CHECK(...) TOCSIN_CHECK_NAMED(TOCSIN_CONCAT(tocsin_check_, __COUNTER__), __VA_ARGS__)
