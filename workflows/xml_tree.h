// An XML document as a tree of values with places, for the SCXML reader. Read by Poco SAX: depth is
// bounded (Poco's DOM overflows the stack on deep documents) and DOCTYPE is refused (its entities
// would be expanded).
//
//   auto tree = ReadXmlTree(text, "mentor.scxml");      // refused: « mentor.scxml:42:7 : … »
//   tree.value().name        // "scxml"          InnerXml(node)   // what stands between its tags
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/outcome.h"

namespace aiguillage::workflows {

struct XmlAttribute {
  std::string space, name, value;  // space: namespace address, "" without
};

struct XmlNode {
  std::string space, name;  // name "" for a run of text
  std::string text;         // of a run of text
  std::vector<XmlAttribute> attributes;
  std::vector<XmlNode> children;
  int line = 0, column = 0;  // both from 1

  // Value of an attribute without namespace, "" when absent.
  const std::string& Plain(std::string_view attribute) const;
  bool Has(std::string_view attribute) const;
  bool HasElements() const;
};

// `problem` gets line and column of what was refused.
struct XmlProblem {
  int line = 0, column = 0;
  std::string sentence;
};
engine::Outcome<XmlNode> ReadXmlTree(std::string_view text, const std::string& file,
                                     XmlProblem* problem = nullptr);

// The children as XML text, namespaces declared where they are needed.
std::string InnerXml(const XmlNode& node);
// All text below, concatenated.
std::string InnerText(const XmlNode& node);

// For text and for quoted attributes, of XML and of HTML: a<b becomes a&lt;b.
std::string EscapedXml(const std::string& text);

}  // namespace aiguillage::workflows
