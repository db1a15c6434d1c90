#include "engine/evaluator/xml.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "engine/evaluator/text.h"

namespace aiguillage::engine::evaluator {

namespace {

constexpr int kXmlDepth = 64;

class XmlReader {
 public:
  explicit XmlReader(std::string_view text) : text_(text) {}

  std::unique_ptr<XmlElement> Whole() {
    SkipMisc();
    const std::size_t start = at_;
    auto root = Element(0);
    if (!root) return nullptr;
    root->source = text_.substr(start, at_ - start);
    SkipMisc();
    return at_ == text_.size() ? std::move(root) : nullptr;
  }

 private:
  bool Starts(std::string_view what) const { return text_.substr(at_).starts_with(what); }
  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void SkipSpace() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
  }
  bool SkipPast(std::string_view what) {
    const std::size_t found = text_.find(what, at_);
    if (found == std::string_view::npos) return false;
    at_ = found + what.size();
    return true;
  }
  void SkipMisc() {
    for (SkipSpace();; SkipSpace()) {
      if (Starts("<?") && SkipPast("?>")) continue;
      if (Starts("<!--") && SkipPast("-->")) continue;
      return;
    }
  }

  std::string Name() {
    const std::size_t start = at_;
    const auto part = [](char c) {
      return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == ':' || c == '-' ||
             c == '.' || static_cast<unsigned char>(c) >= 0x80;
    };
    while (at_ < text_.size() && part(text_[at_])) ++at_;
    const std::string name(text_.substr(start, at_ - start));
    const bool starts_badly = name.empty() || name[0] == '-' || name[0] == '.' ||
                              std::isdigit(static_cast<unsigned char>(name[0]));
    return starts_badly ? "" : name;
  }

  // The character of &name; or "" when there is none such.
  std::string Entity(std::string_view name) {
    if (name == "lt") return "<";
    if (name == "gt") return ">";
    if (name == "amp") return "&";
    if (name == "quot") return "\"";
    if (name == "apos") return "'";
    if (name.size() < 2 || name[0] != '#') return "";
    const bool hex = name[1] == 'x';
    const double code = ToNumber((hex ? "0x" : "") + std::string(name.substr(hex ? 2 : 1)));
    if (!(code >= 1 && code <= 0x10FFFF)) return "";
    const auto c = static_cast<char32_t>(code);
    if (c < 0x10000) return FromUtf16(std::u16string(1, static_cast<char16_t>(c)));
    return FromUtf16(std::u16string{static_cast<char16_t>(0xD800 + ((c - 0x10000) >> 10)),
                                    static_cast<char16_t>(0xDC00 + ((c - 0x10000) & 0x3FF))});
  }

  bool Unescape(std::string_view raw, std::string& out) {
    for (std::size_t i = 0; i < raw.size(); ++i) {
      if (raw[i] != '&') {
        out.push_back(raw[i]);
        continue;
      }
      const std::size_t end = raw.find(';', i);
      if (end == std::string_view::npos) return false;
      const std::string character = Entity(raw.substr(i + 1, end - i - 1));
      if (character.empty()) return false;
      out += character;
      i = end;
    }
    return true;
  }

  bool AttributesOf(XmlElement& element) {
    for (;;) {
      SkipSpace();
      if (Peek() == '>' || Peek() == '/') return true;
      const std::string name = Name();
      if (name.empty() || element.Find(name)) return false;
      SkipSpace();
      if (Peek() != '=') return false;
      ++at_;
      SkipSpace();
      const char quote = Peek();
      if (quote != '"' && quote != '\'') return false;
      const std::size_t end = text_.find(quote, ++at_);
      if (end == std::string_view::npos) return false;
      std::string value;
      if (!Unescape(text_.substr(at_, end - at_), value)) return false;
      element.attributes.emplace_back(name, std::move(value));
      at_ = end + 1;
    }
  }

  std::unique_ptr<XmlElement> Element(int depth) {
    if (depth > kXmlDepth || Peek() != '<') return nullptr;
    ++at_;
    auto element = std::make_unique<XmlElement>();
    element->name = Name();
    if (element->name.empty() || !AttributesOf(*element)) return nullptr;
    if (Starts("/>")) return at_ += 2, std::move(element);
    if (Peek() != '>') return nullptr;
    ++at_;
    if (!Content(*element, depth)) return nullptr;
    at_ += 2;
    if (Name() != element->name) return nullptr;
    SkipSpace();
    if (Peek() != '>') return nullptr;
    ++at_;
    return element;
  }

  bool Content(XmlElement& element, int depth) {
    while (at_ < text_.size()) {
      if (Starts("</")) return true;
      if (Starts("<!--") || Starts("<?")) {
        if (!SkipPast(Starts("<?") ? "?>" : "-->")) return false;
      } else if (Starts("<![CDATA[")) {
        const std::size_t from = at_ + 9;
        if (!SkipPast("]]>")) return false;
        AddText(element, std::string(text_.substr(from, at_ - 3 - from)));
      } else if (Peek() == '<') {
        auto child = Element(depth + 1);
        if (!child) return false;
        element.children.push_back(std::move(child));
      } else {
        const std::size_t end = std::min(text_.find('<', at_), text_.size());
        std::string text;
        if (!Unescape(text_.substr(at_, end - at_), text)) return false;
        AddText(element, std::move(text));
        at_ = end;
      }
    }
    return false;
  }

  static void AddText(XmlElement& element, std::string text) {
    auto node = std::make_unique<XmlElement>();
    node->text = std::move(text);
    element.children.push_back(std::move(node));
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::string XmlElement::TextContent() const {
  std::string all = text;
  for (const auto& child : children) all += child->TextContent();
  return all;
}

const std::string* XmlElement::Find(std::string_view attribute) const {
  const auto found = std::find_if(attributes.begin(), attributes.end(),
                                  [&](const auto& pair) { return pair.first == attribute; });
  return found == attributes.end() ? nullptr : &found->second;
}

std::unique_ptr<XmlElement> ReadXml(std::string_view text) { return XmlReader(text).Whole(); }

}  // namespace aiguillage::engine::evaluator
