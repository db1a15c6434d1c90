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

void Add(std::string& text, const json& value, const std::string* without) {
  switch (value.type()) {
    case json::value_t::object: {
      char before = '{';
      for (const auto& [key, part] : value.get_ref<const json::object_t&>()) {
        if (without != nullptr && key == *without) continue;
        text += before;
        before = ',';
        AddString(text, key);
        text += ':';
        Add(text, part, without);
      }
      text += before == '{' ? "{}" : "}";
      break;
    }
    case json::value_t::array: {
      char before = '[';
      for (const json& part : value.get_ref<const json::array_t&>()) {
        text += before;
        before = ',';
        Add(text, part, without);
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

}  // namespace

std::string JsonText(const json& value) {
  std::string text;
  Add(text, value, nullptr);
  return IsUtf8(text) ? text : value.dump();  // which throws
}

std::string JsonTextWithout(const std::string& member, const json& value) {
  std::string text;
  Add(text, value, &member);
  return IsUtf8(text) ? text : value.dump();
}

}  // namespace aiguillage::storage
