// String: positions are in UTF-16 units, patterns are plain text.
#include <algorithm>
#include <cmath>

#include "engine/evaluator/library.h"
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
  return static_cast<std::size_t>(std::clamp(at, 0.0, static_cast<double>(size)));
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
  const auto needle = ToUtf16(m.ToString(At(a, 0)));
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
  const std::size_t from = Place(m, At(a, 1), units.size(), 0, false);
  return Cell::Boolean(
      std::u16string_view(units).substr(from).starts_with(ToUtf16(m.ToString(At(a, 0)))));
}

Cell EndsWith(Machine& m, const Cell& self, Arguments a) {
  const auto units = Units(m, self);
  const std::size_t to = Place(m, At(a, 1), units.size(), static_cast<double>(units.size()), false);
  return Cell::Boolean(
      std::u16string_view(units).substr(0, to).ends_with(ToUtf16(m.ToString(At(a, 0)))));
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
  for (const Cell& part : a) text = Concat(text, m.ToString(part));
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
  const auto fill = At(a, 1).IsUndefined() ? u" " : ToUtf16(m.ToString(At(a, 1)));
  if (fill.empty() || width <= static_cast<double>(units.size())) return FromUnits(m, units);
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
  const std::string text = TextOfSelf(m, self);
  const double limit =
      At(a, 1).IsUndefined() ? 4294967295.0 : static_cast<std::uint32_t>(m.ToInt32(At(a, 1)));
  std::vector<Cell> parts;
  const auto add = [&](std::string part) {
    m.Charge(1);
    if (static_cast<double>(parts.size()) < limit) parts.push_back(m.MakeString(std::move(part)));
  };
  if (At(a, 0).IsUndefined()) {
    add(text);
    return m.MakeArray(std::move(parts));
  }
  const std::string by = m.ToString(At(a, 0));
  if (by.empty()) {
    for (char16_t unit : ToUtf16(text)) add(FromUtf16(std::u16string(1, unit)));
    return m.MakeArray(std::move(parts));
  }
  ChargeSearch(m, text.size(), by.size());
  std::size_t from = 0;
  for (std::size_t at = text.find(by); at != std::string::npos; at = text.find(by, from)) {
    add(text.substr(from, at - from));
    from = at + by.size();
  }
  add(text.substr(from));
  return m.MakeArray(std::move(parts));
}

// The replacement: a function, or a text where $& and $$ mean the match and a dollar.
std::string Replacement(Machine& m, const Cell& with, const std::string& match, std::size_t at,
                        const std::string& text) {
  if (std::string_view(TypeOf(with)) == "function") {
    const Cell arguments[] = {m.MakeString(match), Cell::Number(static_cast<double>(at)),
                              m.MakeString(text)};
    return m.ToString(m.Call(with, {}, arguments));
  }
  std::string out;
  const std::string pattern = m.ToString(with);
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char next = i + 1 < pattern.size() ? pattern[i + 1] : '\0';
    if (pattern[i] == '$' && (next == '$' || next == '&')) {
      out += next == '$' ? "$" : match;
      ++i;
    } else {
      out.push_back(pattern[i]);
    }
  }
  return out;
}

Cell ReplaceIn(Machine& m, const Cell& self, Arguments a, bool all) {
  const std::string text = TextOfSelf(m, self);
  const std::string what = m.ToString(At(a, 0));
  ChargeSearch(m, text.size(), what.size());
  std::string out;
  std::size_t from = 0;
  for (std::size_t at = text.find(what); at != std::string::npos;) {
    m.Charge(1 + at / 256);  // the place of a match is counted in units, from the start
    out += text.substr(from, at - from) +
           Replacement(m, At(a, 1), what, Length(text.substr(0, at)), text);
    from = at + what.size();
    if (!all || at >= text.size()) break;
    at = text.find(what, what.empty() ? at + 1 : from);
    if (out.size() > 1'000'000) throw OverBudget("it makes too long a string");
  }
  return m.MakeString(out + (from < text.size() ? text.substr(from) : ""));
}
Cell Replace(Machine& m, const Cell& self, Arguments a) { return ReplaceIn(m, self, a, false); }
Cell ReplaceAll(Machine& m, const Cell& self, Arguments a) { return ReplaceIn(m, self, a, true); }

Cell StringToString(Machine& m, const Cell& self, Arguments) {
  return m.MakeString(TextOfSelf(m, self));
}

Cell LocaleCompare(Machine& m, const Cell& self, Arguments a) {
  const int order = Compare(TextOfSelf(m, self), m.ToString(At(a, 0)));
  return Cell::Number(order < 0 ? -1 : order > 0 ? 1 : 0);
}

Cell StringCall(Machine& m, const Cell&, Arguments a) {
  return m.MakeString(a.empty() ? "" : m.ToString(a[0]));
}

Cell FromCharCode(Machine& m, const Cell&, Arguments a) {
  std::u16string units;
  for (const Cell& code : a) units.push_back(static_cast<char16_t>(m.ToInt32(code)));
  return FromUnits(m, units);
}

const std::unordered_map<std::string_view, Native>& StringMethods() {
  static const std::unordered_map<std::string_view, Native> methods = [] {
    std::unordered_map<std::string_view, Native> table;
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
    add("localeCompare", LocaleCompare);
    return table;
  }();
  return methods;
}

}  // namespace

Cell StringMember(std::string_view key) {
  const auto found = StringMethods().find(key);
  return found == StringMethods().end() ? Cell::Undefined() : Cell::Of(&found->second);
}

const Native& StringNative() {
  static const Native from_char_code{.name = "fromCharCode", .call = FromCharCode};
  static const Native string{.name = "String",
                             .call = StringCall,
                             .construct = StringCall,
                             .members = {{"fromCharCode", Cell::Of(&from_char_code)}}};
  return string;
}

}  // namespace aiguillage::engine::evaluator
