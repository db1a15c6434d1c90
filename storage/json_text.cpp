#include "storage/json_text.h"

#include <charconv>

#include "storage/text_words.h"

namespace aiguillage::storage {
namespace {

using nlohmann::json;

void AddEscape(std::string& text, char c) {
  constexpr char kHex[] = "0123456789abcdef";
  switch (c) {
    case '"':
    case '\\':
      text += {'\\', c};
      break;
    case '\b':
      text += "\\b";
      break;
    case '\f':
      text += "\\f";
      break;
    case '\n':
      text += "\\n";
      break;
    case '\r':
      text += "\\r";
      break;
    case '\t':
      text += "\\t";
      break;
    default:
      text += {'\\', 'u', '0', '0', c >= 0x10 ? '1' : '0', kHex[c & 0xf]};
  }
}

// What needs no escape is copied by the stretch.
void AddString(std::string& text, const std::string& said) {
  text += '"';
  std::size_t from = 0;
  for (std::size_t i = 0; i < said.size(); ++i) {
    const char c = said[i];
    if (static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\') continue;
    text.append(said, from, i - from);
    AddEscape(text, c);
    from = i + 1;
  }
  text.append(said, from, said.size() - from);
  text += '"';
}

template <typename Number>
void AddNumber(std::string& text, Number number) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  text.append(digits, end);
}

void Add(std::string& text, const json& value) {
  switch (value.type()) {
    case json::value_t::object: {
      char before = '{';
      for (const auto& [key, part] : value.get_ref<const json::object_t&>()) {
        text += before;
        before = ',';
        AddString(text, key);
        text += ':';
        Add(text, part);
      }
      text += before == '{' ? "{}" : "}";
      break;
    }
    case json::value_t::array: {
      char before = '[';
      for (const json& part : value.get_ref<const json::array_t&>()) {
        text += before;
        before = ',';
        Add(text, part);
      }
      text += before == '[' ? "[]" : "]";
      break;
    }
    case json::value_t::string:
      AddString(text, value.get_ref<const std::string&>());
      break;
    case json::value_t::number_integer:
      AddNumber(text, value.get<std::int64_t>());
      break;
    case json::value_t::number_unsigned:
      AddNumber(text, value.get<std::uint64_t>());
      break;
    case json::value_t::boolean:
      text += value.get<bool>() ? "true" : "false";
      break;
    case json::value_t::null:
      text += "null";
      break;
    default:  // fractions, whose digits are the library's own affair
      text += value.dump();
  }
}

// Depth that no document of ours reaches; deeper ones are the library's, which needs no stack.
constexpr int kDeepest = 64;

// Reads what Add writes. False for anything else, however sound: then nothing read counts.
class Reader {
 public:
  explicit Reader(const std::string& text) : at_(text.data()), end_(at_ + text.size()) {}
  bool All(json& value) { return Read(value, 0) && at_ == end_; }

 private:
  bool Is(char c) {
    if (at_ == end_ || *at_ != c) return false;
    ++at_;
    return true;
  }

  bool Word(std::string_view word, json& value, json meaning) {
    if (std::string_view(at_, static_cast<std::size_t>(end_ - at_)).substr(0, word.size()) != word)
      return false;
    at_ += word.size();
    value = std::move(meaning);
    return true;
  }

  bool Read(json& value, int depth) {
    if (at_ == end_ || depth > kDeepest) return false;
    switch (*at_) {
      case '{':
        return Object(value, depth);
      case '[':
        return Array(value, depth);
      case '"':
        value = json::value_t::string;
        return String(value.get_ref<std::string&>());
      case 't':
        return Word("true", value, true);
      case 'f':
        return Word("false", value, false);
      case 'n':
        return Word("null", value, nullptr);
      default:
        return Number(value);
    }
  }

  bool Object(json& value, int depth) {
    ++at_;
    value = json::value_t::object;
    auto& parts = value.get_ref<json::object_t&>();
    if (Is('}')) return true;
    std::string key;
    do {
      key.clear();
      if (!String(key) || !Is(':')) return false;
      // Sorted, as they are written: each goes to the end.
      const auto part = parts.emplace_hint(parts.end(), std::move(key), nullptr);
      if (!Read(part->second, depth + 1)) return false;
    } while (Is(','));
    return Is('}');
  }

  bool Array(json& value, int depth) {
    ++at_;
    value = json::value_t::array;
    auto& parts = value.get_ref<json::array_t&>();
    if (Is(']')) return true;
    do {
      if (!Read(parts.emplace_back(), depth + 1)) return false;
    } while (Is(','));
    return Is(']');
  }

  // By the stretch, from one escape to the next.
  bool String(std::string& said) {
    if (!Is('"')) return false;
    for (const char* from = at_; at_ != end_; ++at_) {
      const char c = *at_;
      if (static_cast<unsigned char>(c) < 0x20) return false;
      if (c != '"' && c != '\\') continue;
      said.append(from, at_);
      if (c == '"') {
        ++at_;
        return true;
      }
      if (++at_ == end_ || !Escape(said)) return false;
      from = at_ + 1;
    }
    return false;
  }

  bool Escape(std::string& said) {
    constexpr std::string_view kLetters = "\"\\/bfnrt", kMeanings = "\"\\/\b\f\n\r\t";
    const std::size_t which = kLetters.find(*at_);
    if (which != std::string_view::npos) {
      said += kMeanings[which];
      return true;
    }
    unsigned code = 0;
    if (*at_ != 'u' || end_ - at_ < 5) return false;
    const auto read = std::from_chars(at_ + 1, at_ + 5, code, 16);
    if (read.ptr != at_ + 5 || code > 0x7f) return false;
    said += static_cast<char>(code);
    at_ += 4;
    return true;
  }

  // Whole numbers up to eighteen digits; others are rare, and the library's own affair.
  bool Number(json& value) {
    const bool negative = Is('-');
    const char* from = at_;
    std::uint64_t number = 0;
    while (at_ != end_ && *at_ >= '0' && *at_ <= '9') {
      number = number * 10 + static_cast<std::uint64_t>(*at_++ - '0');
    }
    const auto digits = at_ - from;
    if (digits == 0 || digits > 18 || (digits > 1 && *from == '0')) return false;
    if (at_ != end_ && (*at_ == '.' || *at_ == 'e' || *at_ == 'E')) return false;
    if (negative) {
      value = -static_cast<std::int64_t>(number);
    } else {
      value = number;
    }
    return true;
  }

  const char* at_;
  const char* const end_;
};

}  // namespace

json JsonOf(const std::string& text) {
  json value;
  return IsUtf8(text) && Reader(text).All(value) ? value : json::parse(text);
}

std::string JsonText(const json& value) {
  std::string text;
  Add(text, value);
  return IsUtf8(text) ? text : value.dump();  // which throws
}

}  // namespace aiguillage::storage
