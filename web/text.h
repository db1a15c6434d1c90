// Small work on text that came over the wire: percent signs, UTF-8, form bodies.
//
//   PercentDecode("a%20b%2Fc") -> "a b/c"      PercentDecode("%zz") -> nothing
//   QueryOf({{"etat", "committee"}, {"page", "2"}}) -> "?etat=committee&page=2"
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aiguillage::web {

using Fields = std::vector<std::pair<std::string, std::string>>;

// nullopt on a broken escape.
std::optional<std::string> PercentDecode(std::string_view text, bool plus_is_space = false);
std::string PercentEncode(std::string_view text);
// Well-formed UTF-8 without NUL or other control characters but tab and line ends.
bool IsCleanText(std::string_view text);
// a=1&b=2; nullopt when an escape is broken, the text is not clean or there are over `limit` pairs.
std::optional<Fields> ParseUrlEncoded(std::string_view text, std::size_t limit);
std::string QueryOf(const Fields& fields);  // "" when nothing is said; empty values are left out
// The id an address or a hidden field gives: digits alone, 15 at most.
std::optional<std::int64_t> IdIn(const std::string& text);
std::string Trim(std::string_view text);
std::size_t CharactersIn(std::string_view text);  // of UTF-8
std::string Lower(std::string_view text);         // ASCII letters only
std::vector<std::string> SplitWords(std::string_view text);
std::vector<std::string> SplitList(const std::string& text);  // by its commas

}  // namespace aiguillage::web
