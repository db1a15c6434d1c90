// A small well-formed XML reader for values of the datamodel (B.2 of the Recommendation: XML
// content is a DOM). Elements, attributes, text, CDATA, comments, the five entities and characters
// by number.
//
//   auto books = ReadXml("<books><book title='t'/></books>");   nullptr when it is not one element
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aiguillage::engine::evaluator {

struct XmlElement {
  std::string name;  // as written, prefix included
  std::vector<std::pair<std::string, std::string>> attributes;
  std::vector<std::unique_ptr<XmlElement>> children;
  std::string text;    // of itself when name is empty (a text node)
  std::string source;  // of the root: what it was read from

  std::string TextContent() const;
  const std::string* Find(std::string_view attribute) const;
};

std::unique_ptr<XmlElement> ReadXml(std::string_view text);

}  // namespace aiguillage::engine::evaluator
