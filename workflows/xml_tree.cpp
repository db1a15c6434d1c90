#include "workflows/xml_tree.h"

#include <Poco/SAX/Attributes.h>
#include <Poco/SAX/DefaultHandler.h>
#include <Poco/SAX/InputSource.h>
#include <Poco/SAX/LexicalHandler.h>
#include <Poco/SAX/Locator.h>
#include <Poco/SAX/SAXException.h>
#include <Poco/SAX/SAXParser.h>

#include <sstream>

namespace aiguillage::workflows {
namespace {

constexpr std::size_t kDepth = 64;
constexpr const char* kXmlSpace = "http://www.w3.org/XML/1998/namespace";

// Thrown out of the parser: Poco has no other way to stop.
struct StopReading {
  XmlProblem problem;
};

class TreeMaker : public Poco::XML::DefaultHandler, public Poco::XML::LexicalHandler {
 public:
  XmlNode root;

  void setDocumentLocator(const Poco::XML::Locator* locator) override { locator_ = locator; }

  void startElement(const std::string& space, const std::string& local, const std::string&,
                    const Poco::XML::Attributes& attributes) override {
    if (open_.size() >= kDepth) {
      throw StopReading{{Line(), Column(), "plus de 64 niveaux d’éléments."}};
    }
    XmlNode node;
    node.space = space;
    node.name = local;
    node.line = Line();
    node.column = Column();
    for (int i = 0; i < attributes.getLength(); ++i) {
      node.attributes.push_back(
          {attributes.getURI(i), attributes.getLocalName(i), attributes.getValue(i)});
    }
    open_.push_back(std::move(node));
  }

  void endElement(const std::string&, const std::string&, const std::string&) override {
    XmlNode done = std::move(open_.back());
    open_.pop_back();
    if (open_.empty()) {
      root = std::move(done);
    } else {
      open_.back().children.push_back(std::move(done));
    }
  }

  void characters(const char text[], int start, int length) override {
    if (open_.empty()) return;
    auto& siblings = open_.back().children;
    if (siblings.empty() || !siblings.back().name.empty()) {
      siblings.emplace_back();
      siblings.back().line = Line();
      siblings.back().column = Column();
    }
    siblings.back().text.append(text + start, static_cast<std::size_t>(length));
  }

  void startDTD(const std::string&, const std::string&, const std::string&) override {
    throw StopReading{{Line(), Column(), "une déclaration DOCTYPE n’est pas acceptée."}};
  }
  void endDTD() override {}
  void startEntity(const std::string&) override {}
  void endEntity(const std::string&) override {}
  void startCDATA() override {}
  void endCDATA() override {}
  void comment(const char[], int, int) override {}

 private:
  int Line() const { return locator_ == nullptr ? 0 : locator_->getLineNumber(); }
  int Column() const { return locator_ == nullptr ? 0 : locator_->getColumnNumber() + 1; }

  const Poco::XML::Locator* locator_ = nullptr;
  std::vector<XmlNode> open_;
};

void AppendEscaped(std::string& out, const std::string& text, bool in_attribute) {
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += in_attribute ? "&quot;" : "\"";
        break;
      default:
        out += c;
    }
  }
}

// `outer` is the default namespace already declared around this node.
void AppendXml(std::string& out, const XmlNode& node, const std::string& outer) {
  if (node.name.empty()) {
    AppendEscaped(out, node.text, false);
    return;
  }
  out += '<' + node.name;
  if (node.space != outer) {
    out += " xmlns=\"";
    AppendEscaped(out, node.space, true);
    out += '"';
  }
  int prefixes = 0;
  for (const auto& attribute : node.attributes) {
    std::string prefix;
    if (attribute.space == kXmlSpace) {
      prefix = "xml:";
    } else if (!attribute.space.empty()) {
      const std::string made = "n" + std::to_string(++prefixes);
      out += " xmlns:" + made + "=\"";
      AppendEscaped(out, attribute.space, true);
      out += '"';
      prefix = made + ":";
    }
    out += ' ' + prefix + attribute.name + "=\"";
    AppendEscaped(out, attribute.value, true);
    out += '"';
  }
  if (node.children.empty()) {
    out += "/>";
    return;
  }
  out += '>';
  for (const auto& child : node.children) AppendXml(out, child, node.space);
  out += "</" + node.name + '>';
}

}  // namespace

const std::string& XmlNode::Plain(std::string_view attribute) const {
  static const std::string none;
  for (const auto& candidate : attributes) {
    if (candidate.space.empty() && candidate.name == attribute) return candidate.value;
  }
  return none;
}

bool XmlNode::Has(std::string_view attribute) const {
  for (const auto& candidate : attributes) {
    if (candidate.space.empty() && candidate.name == attribute) return true;
  }
  return false;
}

bool XmlNode::HasElements() const {
  for (const auto& child : children) {
    if (!child.name.empty()) return true;
  }
  return false;
}

engine::Outcome<XmlNode> ReadXmlTree(std::string_view text, const std::string& file,
                                     XmlProblem* problem) {
  XmlProblem found;
  try {
    TreeMaker maker;
    Poco::XML::SAXParser parser;
    parser.setFeature(Poco::XML::XMLReader::FEATURE_NAMESPACES, true);
    parser.setFeature(Poco::XML::XMLReader::FEATURE_EXTERNAL_GENERAL_ENTITIES, false);
    parser.setFeature(Poco::XML::XMLReader::FEATURE_EXTERNAL_PARAMETER_ENTITIES, false);
    parser.setContentHandler(&maker);
    parser.setProperty(Poco::XML::XMLReader::PROPERTY_LEXICAL_HANDLER,
                       static_cast<Poco::XML::LexicalHandler*>(&maker));
    std::istringstream in{std::string(text)};
    Poco::XML::InputSource source(in);
    parser.parse(&source);
    return std::move(maker.root);
  } catch (const StopReading& stop) {
    found = stop.problem;
  } catch (const Poco::XML::SAXParseException& error) {
    found = {error.getLineNumber(), error.getColumnNumber() + 1,
             "XML mal formé : " + error.message() + "."};
  } catch (const Poco::Exception& error) {
    found = {1, 1, "XML illisible : " + error.displayText() + "."};
  }
  if (problem != nullptr) *problem = found;
  return engine::Refusal{"xml",
                         file + ":" + std::to_string(found.line) + ":" +
                             std::to_string(found.column) + " : " + found.sentence,
                         {}};
}

std::string InnerXml(const XmlNode& node) {
  std::string out;
  for (const auto& child : node.children) AppendXml(out, child, "");
  return out;
}

std::string InnerText(const XmlNode& node) {
  if (node.name.empty()) return node.text;
  std::string out;
  for (const auto& child : node.children) out += InnerText(child);
  return out;
}

std::string EscapedXml(const std::string& text) {
  std::string escaped;
  AppendEscaped(escaped, text, true);
  return escaped;
}

}  // namespace aiguillage::workflows
