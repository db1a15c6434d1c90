#include "forms/answers.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

#include "forms/hidden.h"

namespace aiguillage::forms {
namespace {

using nlohmann::json;

engine::Refusal BadInput(std::string sentence) { return {"bad_input", std::move(sentence), {}}; }

// Well-formed UTF-8 (RFC 3629): no overlong form, no surrogate, nothing after U+10FFFF.
bool IsUtf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead >= 0x80 && (lead < 0xC2 || lead > 0xF4)) return false;
    if (i + length > text.size()) return false;
    for (std::size_t k = 1; k < length; ++k)
      if ((static_cast<unsigned char>(text[i + k]) & 0xC0U) != 0x80U) return false;
    const auto second = length > 1 ? static_cast<unsigned char>(text[i + 1]) : 0;
    if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F)) return false;
    if ((lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F)) return false;
    i += length;
  }
  return true;
}

// Bytes of the blank at the front of the text: ASCII, no-break, narrow no-break; 0 for none.
std::size_t BlankAt(std::string_view text) {
  if (text.empty()) return 0;
  if (text[0] == ' ' || text[0] == '\n' || text[0] == '\t' || text[0] == '\r') return 1;
  if (text.starts_with("\u00a0")) return 2;
  return text.starts_with("\u202f") ? 3 : 0;
}

// What was posted, as a tree: "lines.0.amount" is a leaf under lines, under 0.
struct Node {
  std::vector<std::string> values;
  std::map<std::string, Node> children;
};

std::optional<engine::Refusal> Plant(Node& root, const std::string& name, std::string value) {
  if (std::count(name.begin(), name.end(), '.') >= kDepthMax)
    return BadInput("Un nom de champ a trop de niveaux.");
  Node* node = &root;
  for (std::size_t start = 0; start <= name.size();) {
    const std::size_t dot = std::min(name.find('.', start), name.size());
    node = &node->children[name.substr(start, dot - start)];
    start = dot + 1;
  }
  node->values.push_back(std::move(value));
  return std::nullopt;
}

std::string Lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

json NumberFrom(const std::string& typed, bool integer) {
  std::string digits;
  for (std::size_t i = 0; i < typed.size();) {
    const std::size_t blank = BlankAt(std::string_view(typed).substr(i));
    if (blank == 0) digits += typed[i] == ',' ? '.' : typed[i];
    i += std::max<std::size_t>(blank, 1);
  }
  if (digits.ends_with("€")) digits.resize(digits.size() - std::string_view("€").size());
  const char* end = digits.data() + digits.size();
  std::int64_t whole = 0;
  const auto as_whole = std::from_chars(digits.data(), end, whole);
  if (as_whole.ec == std::errc() && as_whole.ptr == end) return whole;
  double number = 0;
  const auto as_number = std::from_chars(digits.data(), end, number, std::chars_format::fixed);
  const bool fine = as_number.ec == std::errc() && as_number.ptr == end && number == number;
  return fine && !integer ? json(number) : json(typed);  // else as typed: Validate says why not
}

json BooleanFrom(const std::string& typed) {
  const std::string word = Lower(typed);
  if (word == "true" || word == "on" || word == "1" || word == "oui") return true;
  if (word == "false" || word == "off" || word == "0" || word == "non") return false;
  return typed;
}

// One text into several: people by line, comma, semicolon or blank; tags by line.
void Split(const std::string& typed, std::string_view marks, json& out) {
  for (std::size_t start = 0; start <= typed.size();) {
    const std::size_t end = std::min(typed.find_first_of(marks, start), typed.size());
    const std::string part = Normalised(std::string_view(typed).substr(start, end - start));
    if (!part.empty()) out.push_back(part);
    start = end + 1;
  }
}

json ListFrom(const Field& field, const Node& node) {
  std::vector<std::string> typed = node.values;
  for (const auto& [index, child] : node.children)
    typed.insert(typed.end(), child.values.begin(), child.values.end());
  json list = json::array();
  for (const auto& one : typed) {
    if (field.widget == "people") {
      Split(Lower(one), "\n,; \t", list);
    } else if (field.widget == "tags") {
      Split(one, "\n", list);
    } else if (!one.empty()) {
      list.push_back(one);
    }
  }
  return list;
}

json GroupFrom(const std::vector<Field>& fields, const Node& node);

std::optional<std::size_t> RowNumber(const std::string& key) {
  std::size_t row = 0;
  const auto read = std::from_chars(key.data(), key.data() + key.size(), row);
  if (read.ec != std::errc() || read.ptr != key.data() + key.size()) return std::nullopt;
  return row;
}

json RowsFrom(const Field& field, const Node& node) {
  std::map<std::size_t, const Node*> rows;
  for (const auto& [key, child] : node.children)
    if (const auto row = RowNumber(key)) rows[*row] = &child;
  json list = json::array();
  for (const auto& [row, child] : rows) {
    json answers = GroupFrom(field.children, *child);
    if (!answers.empty()) list.push_back(std::move(answers));
  }
  return list;
}

json ValueFrom(const Field& field, const Node& node) {
  if (field.kind == Kind::kHeading) return nullptr;
  if (field.kind == Kind::kGroup) return GroupFrom(field.children, node);
  if (field.kind == Kind::kRows) return RowsFrom(field, node);
  if (field.kind == Kind::kList) return ListFrom(field, node);
  // Of a hidden « false » followed by a box, the last one counts.
  const std::string typed = node.values.empty() ? "" : node.values.back();
  if (typed.empty()) return nullptr;
  if (field.kind == Kind::kBoolean) return BooleanFrom(typed);
  if (field.kind == Kind::kText) return typed;
  return NumberFrom(typed, field.kind == Kind::kInteger);
}

json GroupFrom(const std::vector<Field>& fields, const Node& node) {
  json answers = json::object();
  for (const auto& field : fields) {
    const auto found = node.children.find(field.name);
    if (found == node.children.end()) continue;
    json value = ValueFrom(field, found->second);
    if (!value.is_null() && !(value.is_structured() && value.empty()))
      answers[field.name] = std::move(value);
  }
  return answers;
}

// Rows over the bound are refused rather than dropped: nothing typed may vanish.
bool TooManyRows(const Node& node) {
  return std::any_of(node.children.begin(), node.children.end(), [](const auto& child) {
    const auto row = RowNumber(child.first);
    return (row && *row > kRowsMax) || TooManyRows(child.second);
  });
}

std::optional<std::string> Wrong(const json& value, int depth, std::size_t& bytes) {
  if (depth > kDepthMax) return "Les réponses ont trop de niveaux.";
  if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    bytes += text.size();
    if (text.size() > kFieldBytesMax) return "Une réponse est trop longue.";
    if (text.find('\0') != std::string::npos || !IsUtf8(text))
      return "Une réponse contient des caractères illisibles.";
  } else if (value.is_structured()) {
    for (const auto& [key, child] : value.items()) {
      bytes += value.is_object() ? key.size() : 1;
      if (auto wrong = Wrong(child, depth + 1, bytes)) return wrong;
    }
  }
  if (bytes > kAnswersBytesMax) return "Les réponses sont trop longues.";
  return std::nullopt;
}

}  // namespace

std::string Normalised(std::string_view text) {
  while (const std::size_t blank = BlankAt(text)) text.remove_prefix(blank);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\r') {
      if (i + 1 == text.size() || text[i + 1] != '\n') out += '\n';
    } else if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t') {
      out += c;  // other control characters say nothing to anybody
    }
  }
  for (;;) {
    const std::size_t wide = std::string_view(out).ends_with("\u00a0")             ? 2
                             : std::string_view(out).ends_with("\u202f")           ? 3
                             : !out.empty() && BlankAt(out.substr(out.size() - 1)) ? 1
                                                                                   : 0;
    if (wide == 0) return out;
    out.resize(out.size() - wide);
  }
}

engine::Outcome<json> AnswersFrom(const Form& form, const Posted& posted) {
  Node root;
  for (const auto& [name, value] : posted) {
    const std::string first = name.substr(0, name.find('.'));
    const auto known = std::any_of(form.fields.begin(), form.fields.end(),
                                   [&](const Field& field) { return field.name == first; });
    if (!known) continue;
    if (value.size() > kFieldBytesMax) return BadInput("Une réponse est trop longue.");
    if (value.find('\0') != std::string::npos || !IsUtf8(value))
      return BadInput("Une réponse contient des caractères illisibles.");
    if (auto refusal = Plant(root, name, Normalised(value))) return *refusal;
  }
  if (TooManyRows(root)) return BadInput("Un tableau a trop de lignes.");
  return CheckedAnswers(WithoutHidden(form, GroupFrom(form.fields, root)));
}

engine::Outcome<json> CheckedAnswers(json answers) {
  if (!answers.is_object()) return BadInput("Les réponses doivent être un objet JSON.");
  std::size_t bytes = 0;
  if (const auto wrong = Wrong(answers, 1, bytes)) return BadInput(*wrong);
  return answers;
}

engine::Outcome<json> AnswersFromJson(std::string_view text) {
  if (text.size() > 2 * kAnswersBytesMax) return BadInput("Les réponses sont trop longues.");
  bool deep = false;
  const json::parser_callback_t shallow = [&deep](int depth, json::parse_event_t, json&) {
    deep = deep || depth >= kDepthMax;
    return !deep;  // what is deeper is left out, and the whole refused below
  };
  json answers = json::parse(text, shallow, false);
  if (deep) return BadInput("Les réponses ont trop de niveaux.");
  if (answers.is_discarded()) return BadInput("Ce n’est pas du JSON bien formé.");
  return CheckedAnswers(std::move(answers));
}

}  // namespace aiguillage::forms
