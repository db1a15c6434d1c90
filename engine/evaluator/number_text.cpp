// Numbers as text and back, as ECMAScript writes them (ECMA-262 §6.1.6.1.20 and §7.1.4.1).
#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>
#include <system_error>

#include "engine/evaluator/text.h"

namespace aiguillage::engine::evaluator {

namespace {

double InRadix(std::string_view digits, int radix) {
  if (digits.empty()) return std::nan("");
  double number = 0;
  for (char c : digits) {
    int digit = -1;
    if (c >= '0' && c <= '9') digit = c - '0';
    if (c >= 'a' && c <= 'f') digit = c - 'a' + 10;
    if (c >= 'A' && c <= 'F') digit = c - 'A' + 10;
    if (digit < 0 || digit >= radix) return std::nan("");
    number = number * radix + digit;
  }
  return number;
}

int RadixOf(std::string_view text) {
  if (text.size() < 2 || text[0] != '0') return 0;
  switch (text[1] | 0x20) {
    case 'x':
      return 16;
    case 'o':
      return 8;
    case 'b':
      return 2;
    default:
      return 0;
  }
}

}  // namespace

double ToNumber(std::string_view text) {
  text = Trimmed(text);
  if (text.empty()) return 0;
  if (const int radix = RadixOf(text)) return InRadix(text.substr(2), radix);
  double sign = 1;
  if (text[0] == '+' || text[0] == '-') {
    sign = text[0] == '-' ? -1 : 1;
    text.remove_prefix(1);
  }
  if (text == "Infinity") return sign * HUGE_VAL;
  // from_chars also reads "inf", "nan" and a second sign: only digits and a point may begin.
  if (text.empty() || !((text[0] >= '0' && text[0] <= '9') || text[0] == '.')) {
    return std::nan("");
  }
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (end != text.data() + text.size()) return std::nan("");
  if (error == std::errc::result_out_of_range) number = std::strtod(std::string(text).c_str(), {});
  return sign * number;
}

std::string FromNumber(double number) {
  if (std::isnan(number)) return "NaN";
  if (number == 0) return "0";
  if (std::isinf(number)) return number > 0 ? "Infinity" : "-Infinity";
  if (std::trunc(number) == number && std::fabs(number) < 1e15) {
    return std::to_string(static_cast<long long>(number));
  }
  char buffer[40];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, std::fabs(number),
                                 std::chars_format::scientific)
                       .ptr;
  const std::string_view shortest(buffer, static_cast<std::size_t>(end - buffer));
  const std::size_t e = shortest.find('e');
  std::string digits(shortest.substr(0, e));
  digits.erase(std::remove(digits.begin(), digits.end(), '.'), digits.end());
  const int exponent = std::stoi(std::string(shortest.substr(e + 1)));
  const int count = static_cast<int>(digits.size());
  const int point = exponent + 1;
  std::string out = number < 0 ? "-" : "";
  if (count <= point && point <= 21) {
    return out + digits + std::string(static_cast<std::size_t>(point - count), '0');
  }
  if (0 < point && point <= 21) {
    const auto at = static_cast<std::size_t>(point);
    return out + digits.substr(0, at) + "." + digits.substr(at);
  }
  if (-6 < point && point <= 0) {
    return out + "0." + std::string(static_cast<std::size_t>(-point), '0') + digits;
  }
  const std::string power = (exponent < 0 ? "e-" : "e+") + std::to_string(std::abs(exponent));
  return out + digits.substr(0, 1) + (count > 1 ? "." + digits.substr(1) : "") + power;
}

std::string FromNumber(double number, int radix) {
  if (radix == 10 || !std::isfinite(number)) return FromNumber(number);
  constexpr const char* kDigits = "0123456789abcdefghijklmnopqrstuvwxyz";
  double whole = std::floor(std::fabs(number));
  double rest = std::fabs(number) - whole;
  std::string out;
  do {
    out.push_back(kDigits[static_cast<int>(std::fmod(whole, radix))]);
    whole = std::floor(whole / radix);
  } while (whole > 0);
  if (number < 0) out.push_back('-');
  std::reverse(out.begin(), out.end());
  if (rest > 0) out.push_back('.');
  // As many digits as tell this number from its neighbours.
  double delta = std::max(0.5 * (std::nextafter(std::fabs(number), HUGE_VAL) - std::fabs(number)),
                          std::nextafter(0.0, 1.0));
  while (rest >= delta && rest > 0) {
    rest *= radix;
    delta *= radix;
    const double digit = std::floor(rest);
    rest -= digit;
    out.push_back(kDigits[static_cast<int>(digit)]);
    if (out.size() > 1100) break;
  }
  return out;
}

}  // namespace aiguillage::engine::evaluator
