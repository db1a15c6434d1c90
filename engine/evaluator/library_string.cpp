// String: positions are in UTF-16 units, patterns are plain text.
#include <algorithm>
#include <cmath>

#include "engine/evaluator/library_parts.h"
#include "engine/evaluator/machine.h"
#include "engine/evaluator/text.h"

namespace aiguillage::engine::evaluator {

namespace {

std::string TextOfSelf(Machine& m, const Cell& self) {
  if (self.IsNothing()) m.Throw("TypeError", "a string method needs a string");
  std::string text = m.ToString(self);
  m.Charge(text.size() / 64);
  return text;
}

// Searching one text in another compares as often as their lengths multiplied, at worst.
void ChargeSearch(Machine& m, std::size_t text, std::size_t what) {
  if (what <= text) m.Charge((text - what) * what / 1024);
}

std::u16string Units(Machine& m, const Cell& self) { return ToUtf16(TextOfSelf(m, self)); }

// Clamped to [0, size]; negative positions count from the end when asked.
std::size_t Place(Machine& m, const Cell& cell, std::size_t size, double otherwise, bool from_end) {
  double at = cell.IsUndefined() ? otherwise : m.ToInteger(cell);
  if (from_end && at < 0) at += static_cast<double>(size);
  return Clamped(at, size);
}

Cell FromUnits(Machine& m, std::u16string_view units) { return m.MakeString(FromUtf16(units)); }

Cell CharAt(Machine& m, const Cell& self, Arguments a) {
  const auto units = Units(m, self);
  const double at = m.ToInteger(At(a, 0));
  if (at < 0 || at >= static_cast<double>(units.size())) return m.MakeString("");
  return FromUnits(m, std::u16string_view(units).substr(static_cast<std::size_t>(at), 1));
}

Cell StringAt(Machine& m, const Cell& self, Arguments a) {
  const auto units = Units(m, self);
  double at = m.ToInteger(At(a, 0));
  if (at < 0) at += static_cast<double>(units.size());
  if (at < 0 || at >= static_cast<double>(units.size())) return {};
  return FromUnits(m, std::u16string_view(units).substr(static_cast<std::size_t>(at), 1));
}

Cell CharCodeAt(Machine& m, const Cell& self, Arguments a) {
  const auto units = Units(m, self);
  const double at = m.ToInteger(At(a, 0));
  if (at < 0 || at >= static_cast<double>(units.size())) return Cell::Number(std::nan(""));
  return Cell::Number(units[static_cast<std::size_t>(at)]);
}

Cell Search(Machine& m, const Cell& self, Arguments a) {
  const auto units = Units(m, self);
  const auto needle = At(a, 0).IsUndefined() ? u"" : ToUtf16(m.ToString(At(a, 0)));
  if (needle.find_first_of(u"\\^$.*+?()[]{}|") != std::u16string::npos) {
    m.Refuse("search for a regular expression");
  }
  ChargeSearch(m, units.size(), needle.size());
  const auto found = units.find(needle);
  return Cell::Number(found == std::u16string::npos ? -1 : static_cast<double>(found));
}

Cell StringIndexOf(Machine& m, const Cell& self, Arguments a) {
  const auto units = Units(m, self);
  const auto needle = ToUtf16(m.ToString(At(a, 0)));
  const std::size_t from = Place(m, At(a, 1), units.size(), 0, false);
  ChargeSearch(m, units.size() - from, needle.size());
  const auto found = units.find(needle, from);
  return Cell::Number(found == std::u16string::npos ? -1 : static_cast<double>(found));
}

Cell StringLastIndexOf(Machine& m, const Cell& self, Arguments a) {
  const auto units = Units(m, self);
  const auto needle = ToUtf16(m.ToString(At(a, 0)));
  const double from = m.ToNumber(At(a, 1));
  const std::size_t start =
      std::isnan(from) ? units.size() : Place(m, Cell::Number(from), units.size(), 0, false);
  ChargeSearch(m, units.size(), needle.size());
  const auto found = units.rfind(needle, start);
  return Cell::Number(found == std::u16string::npos ? -1 : static_cast<double>(found));
}

Cell StringIncludes(Machine& m, const Cell& self, Arguments a) {
  return Cell::Boolean(StringIndexOf(m, self, a).number >= 0);
}

Cell StartsWith(Machine& m, const Cell& self, Arguments a) {
  const auto units = Units(m, self);
  const auto start = ToUtf16(m.ToString(At(a, 0)));
  const std::size_t from = Place(m, At(a, 1), units.size(), 0, false);
  return Cell::Boolean(std::u16string_view(units).substr(from).starts_with(start));
}

Cell EndsWith(Machine& m, const Cell& self, Arguments a) {
  const auto units = Units(m, self);
  const auto end = ToUtf16(m.ToString(At(a, 0)));
  const std::size_t to = Place(m, At(a, 1), units.size(), static_cast<double>(units.size()), false);
  return Cell::Boolean(std::u16string_view(units).substr(0, to).ends_with(end));
}

Cell StringSlice(Machine& m, const Cell& self, Arguments a) {
  const auto units = Units(m, self);
  const std::size_t from = Place(m, At(a, 0), units.size(), 0, true);
  const std::size_t to = Place(m, At(a, 1), units.size(), static_cast<double>(units.size()), true);
  return from < to ? FromUnits(m, std::u16string_view(units).substr(from, to - from))
                   : m.MakeString("");
}

Cell Substring(Machine& m, const Cell& self, Arguments a) {
  const auto units = Units(m, self);
  std::size_t from = Place(m, At(a, 0), units.size(), 0, false);
  std::size_t to = Place(m, At(a, 1), units.size(), static_cast<double>(units.size()), false);
  if (from > to) std::swap(from, to);
  return FromUnits(m, std::u16string_view(units).substr(from, to - from));
}

Cell Substr(Machine& m, const Cell& self, Arguments a) {
  const auto units = Units(m, self);
  const std::size_t from = Place(m, At(a, 0), units.size(), 0, true);
  const double length = At(a, 1).IsUndefined() ? HUGE_VAL : m.ToInteger(At(a, 1));
  if (length <= 0) return m.MakeString("");
  const auto count =
      static_cast<std::size_t>(std::min(length, static_cast<double>(units.size() - from)));
  return FromUnits(m, std::u16string_view(units).substr(from, count));
}

Cell UpperMethod(Machine& m, const Cell& self, Arguments) {
  return m.MakeString(ToUpper(TextOfSelf(m, self)));
}
Cell LowerMethod(Machine& m, const Cell& self, Arguments) {
  return m.MakeString(ToLower(TextOfSelf(m, self)));
}

Cell Trim(Machine& m, const Cell& self, Arguments) {
  return m.MakeString(std::string(Trimmed(TextOfSelf(m, self))));
}
Cell TrimStart(Machine& m, const Cell& self, Arguments) {
  return m.MakeString(std::string(Trimmed(TextOfSelf(m, self), true, false)));
}
Cell TrimEnd(Machine& m, const Cell& self, Arguments) {
  return m.MakeString(std::string(Trimmed(TextOfSelf(m, self), false, true)));
}

Cell StringConcat(Machine& m, const Cell& self, Arguments a) {
  std::string text = TextOfSelf(m, self);
  for (const Cell& part : a) {
    text += m.ToString(part);
    if (text.size() > 1'000'000) throw OverBudget("it makes too long a string");
  }
  return m.MakeString(std::move(text));
}

Cell Repeat(Machine& m, const Cell& self, Arguments a) {
  const std::string text = TextOfSelf(m, self);
  const double count = m.ToInteger(At(a, 0));
  if (count < 0 || std::isinf(count))
    m.Throw("RangeError", "the count of repeat is negative or infinite");
  if (static_cast<double>(text.size()) * count > 1e8)
    throw OverBudget("it makes too long a string");
  std::string out;
  for (double i = 0; !text.empty() && i < count; ++i) out = out.empty() ? text : out += text;
  return m.MakeString(std::move(out));
}

Cell Pad(Machine& m, const Cell& self, Arguments a, bool start) {
  const auto units = Units(m, self);
  const double width = m.ToInteger(At(a, 0));
  if (width <= static_cast<double>(units.size())) return FromUnits(m, units);
  const auto fill = At(a, 1).IsUndefined() ? u" " : ToUtf16(m.ToString(At(a, 1)));
  if (fill.empty()) return FromUnits(m, units);
  if (width > 1e6) throw OverBudget("it makes too long a string");
  const std::size_t missing = static_cast<std::size_t>(width) - units.size();
  std::u16string padding;
  while (padding.size() < missing) padding += fill;
  padding.resize(missing);
  return FromUnits(m, start ? padding + units : units + padding);
}
Cell PadStart(Machine& m, const Cell& self, Arguments a) { return Pad(m, self, a, true); }
Cell PadEnd(Machine& m, const Cell& self, Arguments a) { return Pad(m, self, a, false); }

Cell Split(Machine& m, const Cell& self, Arguments a) {
  const auto text = Units(m, self);
  const double limit =
      At(a, 1).IsUndefined() ? 4294967295.0 : static_cast<std::uint32_t>(m.ToInt32(At(a, 1)));
  const auto by = ToUtf16(m.ToString(At(a, 0)));
  std::vector<Cell> parts;
  const auto add = [&](std::size_t from, std::size_t to) {
    m.Charge(1);
    if (static_cast<double>(parts.size()) < limit) {
      parts.push_back(FromUnits(m, std::u16string_view(text).substr(from, to - from)));
    }
  };
  std::size_t from = 0;
  if (!At(a, 0).IsUndefined() && by.empty()) {
    for (; from < text.size(); ++from) add(from, from + 1);
    return m.MakeArray(std::move(parts));
  }
  if (!At(a, 0).IsUndefined()) {
    ChargeSearch(m, text.size(), by.size());
    for (std::size_t at = text.find(by); at != std::u16string::npos; at = text.find(by, from)) {
      add(from, at);
      from = at + by.size();
    }
  }
  add(from, text.size());
  return m.MakeArray(std::move(parts));
}

// What stands for a match: $$ a dollar, $& the match, $` and $' what is before and after it.
std::u16string Expanded(const std::u16string& pattern, const std::u16string& text, std::size_t at,
                        std::size_t size) {
  const std::u16string_view all = text;
  std::u16string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char16_t next = pattern[i] == u'$' && i + 1 < pattern.size() ? pattern[i + 1] : u'\0';
    const bool known = std::u16string_view(u"$&`'").find(next) != std::u16string_view::npos;
    if (!known) {
      out.push_back(pattern[i]);
      continue;
    }
    out += next == u'$'   ? std::u16string_view(u"$")
           : next == u'&' ? all.substr(at, size)
           : next == u'`' ? all.substr(0, at)
                          : all.substr(at + size);
    ++i;
  }
  return out;
}

Cell ReplaceIn(Machine& m, const Cell& self, Arguments a, bool all) {
  const std::u16string text = Units(m, self), what = ToUtf16(m.ToString(At(a, 0)));
  const Cell with = At(a, 1);
  const std::u16string pattern = IsCallable(with) ? u"" : ToUtf16(m.ToString(with));
  ChargeSearch(m, text.size(), what.size());
  std::u16string out;
  std::size_t from = 0;
  for (std::size_t at = text.find(what); at != std::u16string::npos;) {
    m.Charge(1);
    out += text.substr(from, at - from);
    if (IsCallable(with)) {
      const Cell arguments[] = {FromUnits(m, what), Cell::Number(static_cast<double>(at)),
                                FromUnits(m, text)};
      out += ToUtf16(m.ToString(m.Call(with, {}, arguments)));
    } else {
      out += Expanded(pattern, text, at, what.size());
    }
    from = at + what.size();
    if (!all || at >= text.size()) break;
    at = text.find(what, what.empty() ? at + 1 : from);
    m.Charge(out.size() / 65536);
    if (out.size() > 1'000'000) throw OverBudget("it makes too long a string");
  }
  return FromUnits(m, out.append(text, from));
}
Cell Replace(Machine& m, const Cell& self, Arguments a) { return ReplaceIn(m, self, a, false); }
Cell ReplaceAll(Machine& m, const Cell& self, Arguments a) { return ReplaceIn(m, self, a, true); }

Cell StringToString(Machine& m, const Cell& self, Arguments) {
  if (!self.IsString()) m.Throw("TypeError", "it is not a string");
  return self;
}

Cell StringCall(Machine& m, const Cell&, Arguments a) {
  return m.MakeString(a.empty() ? "" : m.ToString(a[0]));
}

Cell FromCharCode(Machine& m, const Cell&, Arguments a) {
  std::u16string units;
  for (const Cell& code : a) units.push_back(static_cast<char16_t>(m.ToInt32(code)));
  return FromUnits(m, units);
}

const Methods& StringMethods() {
  static const Methods methods = [] {
    Methods table;
    const auto add = [&](const char* name, Native::Function call) {
      table.emplace(name, Native{.name = name, .call = call});
    };
    add("charAt", CharAt), add("at", StringAt), add("charCodeAt", CharCodeAt);
    add("search", Search), add("indexOf", StringIndexOf), add("lastIndexOf", StringLastIndexOf);
    add("includes", StringIncludes), add("startsWith", StartsWith), add("endsWith", EndsWith);
    add("slice", StringSlice), add("substring", Substring), add("substr", Substr);
    add("toUpperCase", UpperMethod), add("toLowerCase", LowerMethod);
    add("trim", Trim), add("trimStart", TrimStart), add("trimEnd", TrimEnd);
    add("concat", StringConcat), add("repeat", Repeat), add("padStart", PadStart);
    add("padEnd", PadEnd), add("split", Split), add("replace", Replace);
    add("replaceAll", ReplaceAll), add("toString", StringToString), add("valueOf", StringToString);
    return table;
  }();
  return methods;
}

}  // namespace

Cell StringMember(std::string_view key) { return MethodOf(StringMethods(), key); }

const Native& StringNative() {
  static const Native from_char_code{.name = "fromCharCode", .call = FromCharCode};
  static const Native string{.name = "String",
                             .call = StringCall,
                             .construct = BoxRefused,
                             .members = {{"fromCharCode", Cell::Of(&from_char_code)}}};
  return string;
}

}  // namespace aiguillage::engine::evaluator
