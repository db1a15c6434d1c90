// The encodings of mail: quoted-printable, base64, encoded words; and texts made fit for them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace aiguillage::notifications {

// Valid UTF-8 without control characters but tab and newline, nor the marks that turn the direction
// of writing (they let a text show other than it is). What is wrong becomes U+FFFD or nothing.
std::string CleanText(std::string_view text);
// The same on one line: any run of blanks is one space, none at the ends, at most `characters_max`
// characters, the last being « … » when it was cut.
std::string CleanLine(std::string_view text, std::size_t characters_max);

std::string QuotedPrintable(std::string_view text);  // CRLF lines of 76 at most
std::string Base64(std::string_view bytes);
std::string Base64Lines(std::string_view bytes);  // CRLF lines of 76

// `text` as the value of a header whose name takes `used` columns, folded (CRLF + space). Plain
// when it is ASCII and short enough, else RFC 2047 encoded words, in the shorter of Q and B.
std::string HeaderText(std::string_view text, std::size_t used);
// The same for a person's name before an address: encoded unless letters, digits, blanks, hyphens.
std::string HeaderPhrase(std::string_view text, std::size_t used);

}  // namespace aiguillage::notifications
