#include "workflows/reader_content.h"

#include <sstream>

namespace aiguillage::workflows {
namespace {

using engine::Instruction;
using engine::InstructionKind;

engine::Attributes AllAttributes(const XmlNode& node) {
  engine::Attributes result;
  for (const auto& attribute : node.attributes) {
    if (attribute.space.empty()) result[attribute.name] = attribute.value;
  }
  return result;
}

std::string TrimmedXml(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::string SpacesNormalised(const std::string& text) {
  std::istringstream in(text);
  std::string out;
  for (std::string word; in >> word;) out += (out.empty() ? "" : " ") + word;
  return out;
}

}  // namespace

void ContentReader::Problem(const XmlNode& at, const std::string& code,
                            const std::string& sentence) {
  problems_.push_back({file_, at.line, at.column, code, sentence});
}

engine::Attributes ContentReader::Foreign(const XmlNode& node) {
  engine::Attributes result;
  for (const auto& attribute : node.attributes) {
    if (!attribute.space.empty() && !attribute.space.starts_with("http://www.w3.org/")) {
      result[attribute.name] = attribute.value;
    }
  }
  return result;
}

engine::Expression ContentReader::Parsed(const XmlNode& at, const std::string& text) {
  auto parsed = engine::ParseExpression(text);
  if (parsed) return std::move(parsed).value();
  if (options_.product) {
    Problem(at, "expression", "« " + text + " » : " + parsed.refusal().sentence);
  }
  return engine::BrokenExpression(text, parsed.refusal().sentence);
}

engine::Expression ContentReader::Attribute(const XmlNode& node, const std::string& name) {
  if (!node.Has(name)) return {};
  if (!options_.product && TrimmedXml(node.Plain(name)).empty()) return {};  // test307: expr=""
  return Parsed(node, node.Plain(name));
}

engine::Expression ContentReader::Condition(const XmlNode& node) {
  engine::Expression condition = Attribute(node, "cond");
  if (options_.product && condition && condition.Assigns()) {
    Problem(
        node, "assigning_guard",
        "une condition ne doit rien affecter : écrire === pour comparer, <assign> pour retenir.");
  }
  return condition;
}

engine::Value ContentReader::LiteralOfText(const std::string& text) {
  const std::string trimmed = TrimmedXml(text);
  if (trimmed.starts_with("<")) {
    if (ReadXmlTree(trimmed, "")) return engine::Value::Xml(trimmed);
  }
  const auto json = nlohmann::json::parse(trimmed, nullptr, false);
  if (!json.is_discarded()) return engine::Value::FromPlain(json);
  return engine::Value::String(SpacesNormalised(text));
}

engine::Value ContentReader::Literal(const XmlNode& node) {
  if (node.HasElements()) return engine::Value::Xml(TrimmedXml(InnerXml(node)));
  return LiteralOfText(InnerText(node));
}

engine::Payload ContentReader::PayloadOf(const XmlNode& node) {
  engine::Payload payload;
  std::istringstream names(node.Plain("namelist"));
  for (std::string name; names >> name;) payload.namelist.push_back({name, Parsed(node, name)});
  for (const auto& child : node.children) {
    if (child.space != kScxmlSpace) continue;
    if (child.name == "param") {
      const std::string source = child.Has("expr") ? "expr" : "location";
      payload.params.push_back({child.Plain("name"), Attribute(child, source)});
    } else if (child.name == "content") {
      payload.has_content = true;
      payload.content_expr = Attribute(child, "expr");
      if (!payload.content_expr) payload.content = Literal(child);
    }
  }
  return payload;
}

engine::Block ContentReader::Children(const XmlNode& node) {
  engine::Block block;
  for (const auto& child : node.children) {
    if (!child.name.empty()) block.push_back(Element(child));
  }
  return block;
}

void ContentReader::Computed(const XmlNode& node, const std::vector<std::string>& names,
                             Instruction& made) {
  for (const auto& name : names) {
    if (node.Has(name + "expr")) made.computed.push_back({name, Attribute(node, name + "expr")});
  }
}

void ContentReader::Send(const XmlNode& node, Instruction& made) {
  made.kind = InstructionKind::kSend;
  made.location = Attribute(node, "idlocation");
  made.payload = PayloadOf(node);
  Computed(node, {"event", "target", "type", "delay"}, made);
}

void ContentReader::If(const XmlNode& node, Instruction& made) {
  made.kind = InstructionKind::kIf;
  const auto branch = [&](const XmlNode& from) {
    Instruction opened;
    opened.kind = InstructionKind::kBranch;
    opened.name = from.name;
    opened.at = {from.line, from.column};
    opened.expression = Condition(from);
    made.children.push_back(std::move(opened));
  };
  branch(node);
  for (const auto& child : node.children) {
    if (child.name.empty()) continue;
    if (child.space == kScxmlSpace && (child.name == "elseif" || child.name == "else")) {
      branch(child);
    } else {
      made.children.back().children.push_back(Element(child));
    }
  }
}

Instruction ContentReader::Script(const XmlNode& node, std::vector<std::string>* missing) {
  Instruction made;
  made.kind = InstructionKind::kScript;
  made.name = "script";
  made.at = {node.line, node.column};
  std::string text = InnerText(node);
  if (options_.product) {
    Problem(node, "script",
            "<script> n’est pas admis dans les rails d’un appel : écrire <assign> ou "
            "<if>.");
  }
  if (node.Has("src")) {
    const auto found = options_.preloaded.find(node.Plain("src"));
    if (found != options_.preloaded.end()) {
      text = found->second;
    } else if (missing != nullptr) {
      missing->push_back(node.Plain("src"));
    }
  }
  auto parsed = engine::ParseScript(text);
  made.expression = parsed ? std::move(parsed).value()
                           : engine::BrokenExpression(text, parsed.refusal().sentence);
  return made;
}

void ContentReader::ForeignElement(const XmlNode& node, Instruction& made) {
  made.kind = InstructionKind::kForeign;
  for (const auto& [name, value] : made.attributes) {
    if (name.size() > 4 && name.ends_with("expr")) {
      made.computed.push_back({name.substr(0, name.size() - 4), Attribute(node, name)});
    }
  }
}

Instruction ContentReader::Element(const XmlNode& node) {
  Instruction made;
  made.name = node.name;
  made.at = {node.line, node.column};
  made.attributes = AllAttributes(node);
  if (node.space != kScxmlSpace) {
    ForeignElement(node, made);
  } else if (node.name == "raise") {
    made.kind = InstructionKind::kRaise;
  } else if (node.name == "if") {
    If(node, made);
  } else if (node.name == "foreach") {
    made.kind = InstructionKind::kForeach;
    made.expression = Attribute(node, "array");
    made.location = Attribute(node, "item");
    made.index = Attribute(node, "index");
    made.children = Children(node);
  } else if (node.name == "log") {
    made.kind = InstructionKind::kLog;
    made.expression = Attribute(node, "expr");
  } else if (node.name == "assign") {
    made.kind = InstructionKind::kAssign;
    made.location = Attribute(node, "location");
    made.expression = Attribute(node, "expr");
    if (!made.expression) made.literal = Literal(node);
  } else if (node.name == "script") {
    made = Script(node);
  } else if (node.name == "send") {
    Send(node, made);
  } else if (node.name == "cancel") {
    made.kind = InstructionKind::kCancel;
    Computed(node, {"sendid"}, made);
  } else {
    Problem(node, "unknown_element",
            "<" + node.name +
                "> n’est pas un contenu exécutable de SCXML : corriger son nom, ou "
                "le supprimer.");
  }
  return made;
}

}  // namespace aiguillage::workflows
