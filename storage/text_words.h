// Full text in words, for a database that leaves the cutting to us. What SQLite's « unicode61 »
// does with remove_diacritics: letters and digits make words, accents and case are gone. Latin,
// Greek and Cyrillic; other scripts are kept as they stand.
//
//   TextWords("L’Égalité, 2026 !")   -> l egalite 2026
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace aiguillage::storage {

std::vector<std::string> TextWords(std::string_view text);
bool IsUtf8(std::string_view text);

}  // namespace aiguillage::storage
