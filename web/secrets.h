// Tokens nobody can guess, and what is kept of them at rest.
//
//   auto token = RandomToken();            // 43 characters of base64url, 256 bits
//   row.token_hash = Sha256Hex(token);     // the token itself is never stored
#pragma once

#include <string>
#include <string_view>

namespace aiguillage::web {

std::string RandomToken(std::size_t bytes = 32);  // base64url without padding
std::string Sha256Hex(std::string_view text);
// Takes as long whatever differs, so that a guess cannot be improved by measuring.
bool SameSecret(std::string_view a, std::string_view b);

}  // namespace aiguillage::web
