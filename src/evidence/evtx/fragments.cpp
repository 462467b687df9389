#include "evidence/evtx/fragments.hpp"

#include "base/cursor.hpp"
#include "evidence/evtx/instance.hpp"
#include "evidence/evtx/name.hpp"
#include "evidence/evtx/token.hpp"

namespace tocsin::evidence::evtx {

FragmentReader::Step FragmentReader::instance(TemplateTable& templates, std::vector<ValueRef>& values,
                                              Fragment& fragment, MaybeDamage& damage) {
  InstanceLayout layout;
  fragment.literal = false;
  fragment.first_value = static_cast<std::uint32_t>(values.size());
  if (const auto bad = read_instance(chunk_, at_, end_, values, layout)) return fail(damage, *bad);
  fragment.value_count = static_cast<std::uint32_t>(values.size()) - fragment.first_value;
  fragment.compiled = &templates.definition(layout.definition);
  if (fragment.compiled->damage) return fail(damage, *fragment.compiled->damage);
  at_ = layout.end;
  return Step::fragment;
}

FragmentReader::Step FragmentReader::element(TemplateTable& templates, std::vector<ValueRef>& values,
                                             Fragment& fragment, MaybeDamage& damage) {
  Compiled& compiled = templates.literal();
  if (const auto bad = compile(chunk_, at_, end_, ProgramMode::literal, compiled.program)) return fail(damage, *bad);
  fragment.compiled = &compiled;
  fragment.literal = true;
  fragment.first_value = static_cast<std::uint32_t>(values.size());
  fragment.value_count = static_cast<std::uint32_t>(compiled.program.values.size());
  values.insert(values.end(), compiled.program.values.begin(), compiled.program.values.end());
  return Step::fragment;
}

// A processing instruction between trees says nothing about the event.
bool FragmentReader::skip_instruction(std::uint8_t token) {
  if (token == kPiTarget) {
    const auto name = read_name(chunk_, at_ + 1, end_);
    if (name) at_ = name->next;
    return name.has_value();
  }
  const std::size_t size = 3 + std::size_t{2} * base::load_le<std::uint16_t>(chunk_, at_ + 1);
  if (end_ - at_ < size) return false;
  at_ += size;
  return true;
}

FragmentReader::Step FragmentReader::next(TemplateTable& templates, std::vector<ValueRef>& values, Fragment& fragment,
                                          MaybeDamage& damage) {
  while (at_ < end_) {
    const auto token = std::to_integer<std::uint8_t>(chunk_[at_]);
    switch (token) {
      case kEof:
        at_ = end_;
        return Step::end;
      case kOpen:
      case kOpen | kMore:
        return element(templates, values, fragment, damage);
      case kInstance:
        return instance(templates, values, fragment, damage);
      case kFragment:
        if (end_ - at_ < 4) return fail(damage, {Code::record_damaged, "a fragment header", at_, end_ - at_});
        at_ += 4;
        break;
      case kPiTarget:
      case kPiData:
        if (!skip_instruction(token)) {
          return fail(damage, {Code::record_damaged, "a processing instruction inside the record", at_, token});
        }
        break;
      default:
        return fail(damage, {Code::record_damaged, "a template instance or an element", at_, token});
    }
  }
  return Step::end;
}

}  // namespace tocsin::evidence::evtx
