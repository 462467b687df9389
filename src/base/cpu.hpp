// Which of two ways to the same answer is taken. The slow, plain ones are for tests, which hold one against the other;
// the environment chooses, is read once, at the first call, and changes no answer. Thread-safe.
#pragma once

#include <cstddef>

namespace tocsin::base {

// TOCSIN_CPU=scalar. Code is built for x86-64-v2; loops that work on 16 bytes at a time have a plain twin.
[[nodiscard]] bool scalar_kernels();
// TOCSIN_JUDGE=plain: every rule of an event's log is judged, whether or not its values can meet any pattern.
[[nodiscard]] bool plain_judging();
// TOCSIN_VALUE_CACHE: what a value meets is kept for the next equal value, for `usual` values; `off`: for none, `tiny`:
// for so few that they are thrown away all the time.
[[nodiscard]] std::size_t remembered_values(std::size_t usual);
// TOCSIN_BUFFERS=tiny: each record is a unit of work of its own, and few units wait: every border lies between records.
[[nodiscard]] bool tiny_buffers();

}  // namespace tocsin::base
