// JSON.stringify and JSON.parse.
#include <algorithm>
#include <cmath>

#include "engine/evaluator/library_parts.h"
#include "engine/evaluator/machine.h"
#include "engine/evaluator/text.h"

namespace aiguillage::engine::evaluator {

namespace {

constexpr std::size_t kJsonDepth = 64;

std::string Quoted(const std::string& text) {
  std::string out = "\"";
  char hex[8];
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const bool surrogate =
        c == 0xED && i + 2 < text.size() && static_cast<unsigned char>(text[i + 1]) >= 0xA0;
    if (surrogate) {
      std::snprintf(hex, sizeof hex, "\\u%04x", ToUtf16(text.substr(i, 3))[0]);
      out += hex;
      i += 2;
      continue;
    }
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      default:
        if (c < 0x20) {
          std::snprintf(hex, sizeof hex, "\\u%04x", c);
          out += hex;
        } else {
          out.push_back(text[i]);
        }
    }
  }
  return out + "\"";
}

class Writer {
 public:
  Writer(Machine& m, std::string indent) : m_(m), indent_(std::move(indent)) {}

  // False: it has no JSON form (undefined, functions).
  bool Write(const Cell& given, const std::string& key) {
    const Cell to_json = given.IsPrimitive() ? Cell() : m_.Get(given, "toJSON");
    if (!IsCallable(to_json)) return WriteAsIs(given);
    const Cell name = m_.MakeString(key);
    return WriteAsIs(m_.Call(to_json, given, {&name, 1}));
  }

  std::string Take() { return std::move(out_); }

 private:
  bool WriteAsIs(const Cell& cell) {
    const Machine::Frame frame(m_);
    m_.Charge(1);
    if (out_.size() > 1'000'000) throw OverBudget("it makes too long a string");
    switch (cell.kind) {
      case Cell::Kind::kUndefined:
        return false;
      case Cell::Kind::kNull:
        return out_ += "null", true;
      case Cell::Kind::kBoolean:
        return out_ += cell.boolean ? "true" : "false", true;
      case Cell::Kind::kNumber:
        return out_ += std::isfinite(cell.number) ? FromNumber(cell.number) : "null", true;
      case Cell::Kind::kString:
        m_.Charge(cell.text->text.size() / 64);
        return out_ += Quoted(cell.text->text), true;
      case Cell::Kind::kNative:
        if (cell.native->call) return false;
        return out_ += "{}", true;
      case Cell::Kind::kObject:
        break;
    }
    if (cell.object->kind == ObjectKind::kFunction) return false;
    if (std::find(around_.begin(), around_.end(), cell.object) != around_.end()) {
      m_.Throw("TypeError", "it holds itself");
    }
    if (around_.size() >= kJsonDepth) throw OverBudget("it is nested too deep for JSON");
    around_.push_back(cell.object);
    if (IsArray(cell)) {
      WriteArray(*cell.object);
    } else {
      WriteObject(cell);
    }
    around_.pop_back();
    return true;
  }

  void NewLine(std::size_t depth) {
    if (indent_.empty()) return;
    out_.push_back('\n');
    for (std::size_t i = 0; i < depth; ++i) out_ += indent_;
  }

  void WriteArray(const Object& array) {
    out_.push_back('[');
    const std::size_t size = array.items.size();
    for (std::size_t i = 0; i < size; ++i) {
      if (i > 0) out_.push_back(',');
      NewLine(around_.size());
      if (!Write(array.Item(i), std::to_string(i))) out_ += "null";
    }
    if (size > 0) NewLine(around_.size() - 1);
    out_.push_back(']');
  }

  void WriteObject(const Cell& cell) {
    out_.push_back('{');
    bool any = false;
    for (const std::string& key : m_.OwnKeys(cell)) {
      const std::size_t before = out_.size();
      if (any) out_.push_back(',');
      NewLine(around_.size());
      out_ += Quoted(key) + (indent_.empty() ? ":" : ": ");
      if (Write(m_.Get(cell, key), key)) {
        any = true;
      } else {
        out_.resize(before);
      }
    }
    if (any) NewLine(around_.size() - 1);
    out_.push_back('}');
  }

  Machine& m_;
  std::string indent_;
  std::string out_;
  std::vector<const Object*> around_;
};

Cell Stringify(Machine& m, const Cell&, Arguments a) {
  if (IsCallable(At(a, 1)) || IsArray(At(a, 1))) m.Refuse("a replacer of JSON.stringify");
  std::string indent;
  if (At(a, 2).IsNumber()) {
    indent.assign(static_cast<std::size_t>(std::clamp(m.ToInteger(a[2]), 0.0, 10.0)), ' ');
  } else if (At(a, 2).IsString()) {
    indent = Slice(a[2].text->text, 0, 10);
  }
  Writer writer(m, indent);
  return writer.Write(At(a, 0), "") ? m.MakeString(writer.Take()) : Cell::Undefined();
}

class Reader {
 public:
  Reader(Machine& m, std::string_view text) : m_(m), text_(text) {}

  Cell Whole() {
    const Cell value = Read();
    SkipSpace();
    if (at_ < text_.size()) Fail();
    return value;
  }

 private:
  [[noreturn]] void Fail() { m_.Throw("SyntaxError", "it is not JSON"); }
  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void SkipSpace() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }

  bool Take(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  Cell Read() {
    m_.Charge(1);
    SkipSpace();
    if (Take("null")) return Cell::Null();
    if (Take("true")) return Cell::Boolean(true);
    if (Take("false")) return Cell::Boolean(false);
    if (Take("\"")) return m_.MakeString(String());
    if (Peek() != '[' && Peek() != '{') return Number();
    if (++depth_ > kJsonDepth) throw OverBudget("the JSON is nested too deep");
    const Cell value = Take("[") ? Array() : ObjectOf();
    --depth_;
    return value;
  }

  // Past the end of a list, or past the comma before its next member.
  bool Ends(std::string_view close, bool first) {
    SkipSpace();
    if (Take(close)) return true;
    if (!first && !Take(",")) Fail();
    return false;
  }

  Cell Array() {
    std::vector<Cell> items;
    while (!Ends("]", items.empty())) items.push_back(Read());
    return m_.MakeArray(std::move(items));
  }

  Cell ObjectOf() {
    ++at_;
    const Cell made = Cell::Of(m_.heap().MakeObject(ObjectKind::kPlain));
    for (bool first = true; !Ends("}", first); first = false) {
      SkipSpace();
      if (!Take("\"")) Fail();
      const std::string key = String();
      SkipSpace();
      if (!Take(":")) Fail();
      m_.Set(made, key, Read());
    }
    return made;
  }

  std::string String() {
    std::string out;
    for (;;) {
      const char c = Peek();
      if (static_cast<unsigned char>(c) < 0x20) Fail();  // the end too
      ++at_;
      if (c == '"') return FromUtf16(ToUtf16(out));
      out += c == '\\' ? Escape() : std::string(1, c);
    }
  }

  std::string Escape() {
    constexpr std::string_view kLetters = "\"\\/bfnrt", kMeanings = "\"\\/\b\f\n\r\t";
    const std::size_t letter = kLetters.find(Peek());
    if (Peek() != '\0' && letter != std::string_view::npos) {
      ++at_;
      return std::string(1, kMeanings[letter]);
    }
    if (!Take("u")) Fail();
    const std::string_view digits = text_.substr(at_, 4);
    const bool well = digits.size() == 4 && std::all_of(digits.begin(), digits.end(),
                                                        [](char c) { return DigitOf(c) < 16; });
    if (!well) Fail();
    at_ += 4;
    return FromUtf16(std::u16string(1, static_cast<char16_t>(InRadix(digits, 16))));
  }

  Cell Number() {
    const std::size_t start = at_;
    const auto digits = [&] {
      const std::size_t from = at_;
      while (Peek() >= '0' && Peek() <= '9') ++at_;
      if (at_ == from) Fail();
    };
    Take("-");
    if (!Take("0")) digits();
    if (Take(".")) digits();
    if (Take("e") || Take("E")) {
      if (!Take("-")) Take("+");
      digits();
    }
    return Cell::Number(ToNumber(text_.substr(start, at_ - start)));
  }

  Machine& m_;
  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
};

Cell ParseCall(Machine& m, const Cell&, Arguments a) {
  const std::string text = m.ToString(At(a, 0));
  m.Charge(text.size() / 16);
  const Cell value = Reader(m, text).Whole();
  if (IsCallable(At(a, 1))) m.Refuse("a reviver of JSON.parse");
  return value;
}

}  // namespace

const Native& JsonNative() {
  static const Native stringify{.name = "stringify", .call = Stringify};
  static const Native parse{.name = "parse", .call = ParseCall};
  static const Native json{
      .name = "JSON",
      .members = {{"stringify", Cell::Of(&stringify)}, {"parse", Cell::Of(&parse)}}};
  return json;
}

}  // namespace aiguillage::engine::evaluator
