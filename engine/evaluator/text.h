// ECMAScript strings are UTF-16; ours are kept as UTF-8, halves of surrogate pairs written as
// three bytes (WTF-8). Texts of the rails are short and mostly ASCII: positions are converted only
// when a text is not.
//
//   ToUtf16("é").size()     1            Slice("été", 1, 3)      "té"
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace aiguillage::engine::evaluator {

// The character at a place, which moves on. Malformed bytes become U+FFFD: nothing that comes in
// may go on malformed.
char32_t Next(std::string_view text, std::size_t& i);
void Append(std::string& out, char32_t c);
bool IsAscii(std::string_view text);
std::u16string ToUtf16(std::string_view text);
std::string FromUtf16(std::u16string_view units);
bool HasLoneSurrogate(std::string_view text);
std::string Mended(const std::string& text);  // lone surrogates replaced by U+FFFD

std::size_t Length(std::string_view text);                                   // in UTF-16 units
std::string Slice(std::string_view text, std::size_t from, std::size_t to);  // units [from, to)
int Compare(std::string_view a, std::string_view b);                         // by units, <0 0 >0

// Unicode's mappings, special ones included, whatever the language (text_case.cpp).
std::string ToUpper(std::string_view text);
std::string ToLower(std::string_view text);

bool IsSpace(char16_t unit);  // ECMAScript WhiteSpace and LineTerminator
std::string_view Trimmed(std::string_view text, bool start = true, bool end = true);

int DigitOf(char c);                                       // of a radix up to 36; 99: it is none
double InRadix(std::string_view digits, int radix);        // all of them digits
std::string ShortestDigits(double number, int& exponent);  // "123" and 1 of 12.3
double ToNumber(std::string_view text);  // StringToNumber: "" is 0, " 12 " is 12, "x" is NaN
std::string FromNumber(double number);   // Number::toString
std::string FromNumber(double number, int radix);

}  // namespace aiguillage::engine::evaluator
