// Seeded faults: each is one mistake that an implementation of Sigma could make, switched on at run time. The suite of
// tests/conformance/sigma must notice nearly all of them; nothing else switches any on.
//
// One mutant at a time, set before the oracle is built and while no other thread uses it.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace tocsin::oracle {

// clang-format off
#define TOCSIN_ORACLE_MUTANTS(X)                                                                                      \
  /* wildcards and escapes */                                                                                         \
  X(question_mark_may_be_nothing) X(question_mark_is_a_run) X(question_mark_stops_at_line_end)                        \
  X(star_needs_a_character) X(star_stops_at_line_end) X(wildcards_are_plain_text) X(escaped_wildcard_stays_one)       \
  X(two_backslashes_stay_two) X(every_backslash_escapes) X(last_backslash_escapes_added_star)                         \
  X(parts_in_any_order) X(parts_may_overlap)                                                                          \
  /* comparison of texts */                                                                                           \
  X(case_always_matters) X(case_never_matters) X(only_ascii_is_folded) X(equals_is_contains) X(equals_is_startswith)  \
  X(values_are_trimmed) X(contains_is_startswith) X(contains_is_endswith) X(startswith_is_contains)                   \
  X(endswith_is_contains) X(startswith_is_endswith)                                                                   \
  /* windash */                                                                                                       \
  X(windash_only_from_hyphen) X(windash_lacks_slash) X(windash_lacks_en_dash) X(windash_lacks_em_dash)                \
  X(windash_lacks_horizontal_bar) X(windash_only_first) X(windash_inside_words) X(windash_before_blanks)              \
  X(windash_words_are_ascii) X(windash_ignored)                                                                       \
  /* encodings */                                                                                                     \
  X(utf16_without_mark) X(utf16_mark_is_big_endian) X(utf16_bytes_swapped) X(utf16_without_surrogates)                \
  X(wide_ignored) X(base64_without_padding) X(base64_for_urls) X(base64_case_matters) X(base64offset_begins_early)    \
  X(base64offset_begins_late) X(base64offset_ends_late) X(base64offset_ends_early) X(base64offset_first_only)         \
  /* regular expressions */                                                                                           \
  X(re_meets_whole_value) X(re_ignores_case) X(re_dot_meets_line_feed) X(re_is_multi_line) X(re_i_ignored)            \
  X(re_m_ignored) X(re_s_ignored)                                                                                     \
  /* numbers, booleans, times, networks */                                                                            \
  X(number_is_text) X(number_is_binary64) X(number_may_be_hexadecimal) X(number_must_be_unquoted)                     \
  X(number_loses_sign) X(number_loses_fraction) X(number_may_have_blanks) X(boolean_case_matters)                     \
  X(gt_is_gte) X(gte_is_gt) X(lt_is_lte) X(lte_is_lt) X(gt_is_lt) X(gt_is_true_when_absent)                           \
  X(minute_is_second) X(hour_in_local_time) X(day_is_weekday) X(week_from_first_january) X(week_is_of_sundays)        \
  X(month_from_zero) X(year_of_the_week)                                                                              \
  X(cidr_one_bit_short) X(cidr_one_bit_long) X(cidr_without_mapped) X(cidr_without_zone) X(cidr_without_ipv6)         \
  X(cidr_is_a_text_prefix)                                                                                            \
  /* presence */                                                                                                      \
  X(null_only_absent) X(null_only_null) X(null_meets_empty) X(empty_meets_absent) X(null_is_empty_text)               \
  X(exists_wants_text) X(exists_takes_null_for_absent) X(exists_is_always_true)                                       \
  /* lists, several values, negation */                                                                               \
  X(only_first_value) X(every_value_must_meet) X(all_is_any) X(any_is_all) X(all_in_one_value)                        \
  X(neq_if_one_differs) X(neq_needs_the_field) X(neq_ignored) X(neq_if_one_value_differs)                             \
  X(map_is_or) X(list_of_maps_is_and)                                                                                 \
  /* fields */                                                                                                        \
  X(field_name_case_ignored) X(fieldref_is_the_name) X(fieldref_case_matters) X(fieldref_both_absent)                 \
  X(fieldref_null_is_equal) X(fieldref_first_value_only) X(fieldref_sides_swapped) X(fieldref_is_not_mapped)          \
  X(fieldref_has_wildcards)                                                                                           \
  /* placeholders */                                                                                                  \
  X(expand_first_value_only) X(expand_ignores_escape) X(expand_is_plain_text)                                         \
  /* keywords */                                                                                                      \
  X(keyword_is_whole_value) X(keyword_skips_numbers) X(keyword_sees_names) X(keyword_case_matters)                    \
  X(keyword_sees_all_as_one_text)                                                                                     \
  /* conditions */                                                                                                    \
  X(and_is_or) X(or_is_and) X(or_before_and) X(not_ignored) X(not_takes_the_rest) X(brackets_ignored)                 \
  X(one_of_is_all_of) X(all_of_is_one_of) X(n_of_is_one_more) X(n_of_is_one_less) X(any_of_is_all_of)                 \
  X(them_with_underscores) X(pattern_with_underscores) X(pattern_is_a_prefix) X(pattern_must_be_a_name)               \
  X(list_of_conditions_is_and) X(list_of_conditions_is_first)                                                         \
  /* log sources */                                                                                                   \
  X(channel_ignored) X(channel_case_matters) X(channel_must_be_there) X(provider_ignored) X(provider_must_be_there)   \
  X(neither_channel_nor_provider) X(event_id_ignored) X(only_ignored) X(only_case_matters) X(product_ignored)         \
  X(service_ignored)                                                                                                  \
  /* twins */                                                                                                         \
  X(only_first_variant) X(every_variant_finds) X(mapping_dropped) X(absent_list_ignored) X(conversions_dropped)       \
  X(constants_dropped) X(join_without_separator) X(join_without_absent) X(argument_dropped) X(codes_case_matters)     \
  X(control_set_kept) X(default_value_kept) X(volume_kept) X(share_kept) X(protocol_kept) X(direction_swapped)        \
  X(integrity_kept) X(hexadecimal_kept) X(null_is_converted)                                                          \
  /* script blocks */                                                                                                 \
  X(parts_judged_alone) X(parts_in_order_of_arrival) X(parts_of_all_ids) X(parts_of_all_hosts) X(first_part_only)     \
  X(parts_joined_by_line_feed) X(copies_are_parts) X(part_number_is_text) X(script_block_id_case_matters)             \
  /* proof */                                                                                                         \
  X(proof_of_last_pattern) X(proof_of_last_value) X(proof_of_excluded_selections) X(proof_span_from_begin)
// clang-format on

#define TOCSIN_MUTANT_ENUM(name) name,
enum class Mutant : std::uint8_t { none, TOCSIN_ORACLE_MUTANTS(TOCSIN_MUTANT_ENUM) };
#undef TOCSIN_MUTANT_ENUM

#define TOCSIN_MUTANT_NAME(name) #name,
inline constexpr auto kMutantNames =
    std::to_array<std::string_view>({"none", TOCSIN_ORACLE_MUTANTS(TOCSIN_MUTANT_NAME)});
#undef TOCSIN_MUTANT_NAME
#undef TOCSIN_ORACLE_MUTANTS

inline Mutant the_mutant = Mutant::none;

[[nodiscard]] inline bool active(Mutant mutant) {
  return the_mutant == mutant;
}

}  // namespace tocsin::oracle
