// TOCSIN_SANITIZED: 1 where AddressSanitizer or ThreadSanitizer is built in. They allocate in their own way, and keep
// what was freed, so that tests that count memory say nothing there.
#pragma once

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TOCSIN_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define TOCSIN_SANITIZED 1
#endif
#endif
#ifndef TOCSIN_SANITIZED
#define TOCSIN_SANITIZED 0
#endif
