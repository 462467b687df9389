// Which kernels to use. Code is built for x86-64-v2; loops that work on 16 bytes at a time have a plain twin, and
// TOCSIN_CPU=scalar in the environment takes the twins, so that tests can hold one against the other.
#pragma once

namespace tocsin::base {

// Read once, at the first call. Thread-safe.
[[nodiscard]] bool scalar_kernels();

}  // namespace tocsin::base
