// Our own formats, by hand: length first, then one pass over the characters. No regular expression.
#include <algorithm>
#include <string>
#include <string_view>

#include "forms/validate.h"

namespace aiguillage::forms {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool AllDigits(std::string_view text) { return std::all_of(text.begin(), text.end(), IsDigit); }

std::string Without(std::string_view text, std::string_view dropped) {
  std::string out;
  for (const char c : text)
    if (dropped.find(c) == std::string_view::npos) out += c;
  return out;
}

bool IsDomain(std::string_view domain) {
  int labels = 0;
  for (std::size_t start = 0; start <= domain.size(); ++labels) {
    const std::size_t dot = std::min(domain.find('.', start), domain.size());
    const std::string_view label = domain.substr(start, dot - start);
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-')
      return false;
    for (const char c : label)
      if (!IsDigit(c) && !IsLetter(c) && c != '-') return false;
    if (dot == domain.size() && (label.size() < 2 || AllDigits(label))) return false;
    start = dot + 1;
  }
  return labels >= 2;
}

bool IsEmail(std::string_view text) {
  if (text.size() > 254) return false;
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos || at == 0 || at > 64) return false;
  const std::string_view local = text.substr(0, at);
  if (local.front() == '.' || local.back() == '.') return false;
  if (local.find("..") != std::string_view::npos) return false;
  constexpr std::string_view kMarks = ".!#$%&'*+/=?^_`{|}~-";
  for (const char c : local)
    if (!IsDigit(c) && !IsLetter(c) && kMarks.find(c) == std::string_view::npos) return false;
  return IsDomain(text.substr(at + 1));
}

// Luhn's key, except for La Poste's establishments, whose digits add up to a multiple of 5.
bool IsSiret(std::string_view text) {
  if (text.size() > 20) return false;
  const std::string digits = Without(text, " ");
  if (digits.size() != 14 || !AllDigits(digits)) return false;
  int luhn = 0, sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const int digit = digits[i] - '0';
    const int twice = 2 * digit > 9 ? 2 * digit - 9 : 2 * digit;
    luhn += i % 2 == 0 ? twice : digit;
    sum += digit;
  }
  return luhn % 10 == 0 || (digits.starts_with("356000000") && sum % 5 == 0);
}

bool IsPhone(std::string_view text) {
  if (text.size() > 25) return false;
  std::string digits = Without(text, " .-()");
  if (digits.starts_with('+')) digits.erase(0, 1);
  return digits.size() >= 6 && digits.size() <= 15 && AllDigits(digits);
}

bool IsUrl(std::string_view text) {
  if (text.size() > 2000) return false;
  std::string_view rest = text;
  if (rest.starts_with("https://")) {
    rest.remove_prefix(8);
  } else if (rest.starts_with("http://")) {
    rest.remove_prefix(7);
  } else {
    return false;
  }
  for (const char c : text)
    if (static_cast<unsigned char>(c) <= 0x20 ||
        std::string_view("\"<>\\^`{|}\x7f").find(c) != std::string_view::npos)
      return false;
  std::string_view host = rest.substr(0, std::min(rest.find_first_of("/?#"), rest.size()));
  const std::size_t colon = host.find(':');
  if (colon != std::string_view::npos) {
    const std::string_view port = host.substr(colon + 1);
    if (port.empty() || port.size() > 5 || !AllDigits(port)) return false;
    host = host.substr(0, colon);
  }
  return IsDomain(host) || host == "localhost" || host == "127.0.0.1";
}

bool IsDate(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const std::string digits = Without(text, "-");
  if (digits.size() != 8 || !AllDigits(digits)) return false;
  const int number = std::stoi(digits);
  const int year = number / 10000, month = number / 100 % 100, day = number % 100;
  if (year < 1900 || year > 2200 || month < 1 || month > 12) return false;
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  const int lengths[] = {31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return day >= 1 && day <= lengths[month - 1];
}

}  // namespace

std::string FormatError(const std::string& format, const std::string& value) {
  if (format == "email" && !IsEmail(value))
    return "Entrez une adresse électronique, comme prenom.nom@administration.gouv.fr.";
  if (format == "siret" && !IsSiret(value)) return "Entrez un numéro SIRET valable : 14 chiffres.";
  if (format == "phone" && !IsPhone(value))
    return "Entrez un numéro de téléphone, comme 01 23 45 67 89.";
  if (format == "url" && !IsUrl(value))
    return "Entrez une adresse complète, qui commence par https://.";
  if (format == "date" && !IsDate(value)) return "Entrez une date qui existe, comme 2027-05-12.";
  return "";
}

}  // namespace aiguillage::forms
