// JSON.stringify and JSON.parse.
#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/evaluator/library.h"
#include "engine/evaluator/machine.h"
#include "engine/evaluator/text.h"

namespace aiguillage::engine::evaluator {

namespace {

constexpr int kJsonDepth = 64;

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
  bool Write(const Cell& cell, int depth) {
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
        return out_ += Quoted(cell.text->text), true;
      case Cell::Kind::kNative:
        if (cell.native->call) return false;
        return out_ += "{}", true;
      case Cell::Kind::kObject:
        break;
    }
    if (cell.object->kind == ObjectKind::kFunction) return false;
    if (depth > kJsonDepth) m_.Throw("TypeError", "it is nested too deep, or holds itself");
    const Cell to_json = m_.Get(cell, "toJSON");
    if (std::string_view(TypeOf(to_json)) == "function") {
      return Write(m_.Call(to_json, cell, {}), depth + 1);
    }
    if (cell.object->kind == ObjectKind::kArray) {
      WriteArray(*cell.object, depth);
    } else {
      WriteObject(cell, depth);
    }
    return true;
  }

  std::string Take() { return std::move(out_); }

 private:
  void NewLine(int depth) {
    if (indent_.empty()) return;
    out_.push_back('\n');
    for (int i = 0; i < depth; ++i) out_ += indent_;
  }

  void WriteArray(const Object& array, int depth) {
    out_.push_back('[');
    for (std::size_t i = 0; i < array.items.size(); ++i) {
      if (i > 0) out_.push_back(',');
      NewLine(depth + 1);
      if (!Write(array.items[i], depth + 1)) out_ += "null";
    }
    if (!array.items.empty()) NewLine(depth);
    out_.push_back(']');
  }

  void WriteObject(const Cell& cell, int depth) {
    out_.push_back('{');
    bool any = false;
    if (cell.object->kind == ObjectKind::kPlain) {
      for (const std::string& key : cell.object->Keys()) {
        const std::size_t before = out_.size();
        if (any) out_.push_back(',');
        NewLine(depth + 1);
        out_ += Quoted(key) + (indent_.empty() ? ":" : ": ");
        if (Write(m_.Get(cell, key), depth + 1)) {
          any = true;
        } else {
          out_.resize(before);
        }
      }
    }
    if (any) NewLine(depth);
    out_.push_back('}');
  }

  Machine& m_;
  std::string indent_;
  std::string out_;
};

Cell Stringify(Machine& m, const Cell&, Arguments a) {
  if (!At(a, 1).IsNothing()) m.Throw("TypeError", "a replacer is not in the subset");
  std::string indent;
  if (At(a, 2).IsNumber()) {
    indent.assign(static_cast<std::size_t>(std::clamp(m.ToInteger(a[2]), 0.0, 10.0)), ' ');
  } else if (At(a, 2).IsString()) {
    indent = Slice(a[2].text->text, 0, 10);
  }
  Writer writer(m, indent);
  return writer.Write(At(a, 0), 0) ? m.MakeString(writer.Take()) : Cell::Undefined();
}

Cell FromOrdered(Machine& m, const nlohmann::ordered_json& json) {
  m.Charge(1);
  if (json.is_null()) return Cell::Null();
  if (json.is_boolean()) return Cell::Boolean(json.get<bool>());
  if (json.is_number()) return Cell::Number(json.get<double>());
  if (json.is_string()) return m.MakeString(json.get<std::string>());
  if (json.is_array()) {
    std::vector<Cell> items;
    for (const auto& item : json) items.push_back(FromOrdered(m, item));
    return m.MakeArray(std::move(items));
  }
  const Cell made = Cell::Of(m.heap().MakeObject(ObjectKind::kPlain));
  for (const auto& [key, item] : json.items()) m.Set(made, key, FromOrdered(m, item));
  return made;
}

Cell ParseCall(Machine& m, const Cell&, Arguments a) {
  const std::string text = m.ToString(At(a, 0));
  m.Charge(text.size() / 16);
  const auto shallow = [](int depth, nlohmann::ordered_json::parse_event_t,
                          nlohmann::ordered_json&) {
    if (depth > kJsonDepth) throw OverBudget("the JSON is nested too deep");
    return true;
  };
  nlohmann::ordered_json json;
  try {
    json = nlohmann::ordered_json::parse(text, shallow);
  } catch (const nlohmann::json::exception&) {
    m.Throw("SyntaxError", "it is not JSON");
  }
  return FromOrdered(m, json);
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
