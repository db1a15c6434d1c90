// Executable content, expressions and payloads of an SCXML document: the part of the reader that
// does not know about states.
//
//   ContentReader content(file, options, problems);
//   state.on_entry.push_back(content.Children(onentry_node));
#pragma once

#include <string>
#include <vector>

#include "engine/chart.h"
#include "workflows/reader.h"
#include "workflows/xml_tree.h"

namespace aiguillage::workflows {

inline constexpr const char* kScxmlSpace = "http://www.w3.org/2005/07/scxml";

class ContentReader {
 public:
  ContentReader(std::string file, const ReadOptions& options, std::vector<ReadProblem>& problems)
      : file_(std::move(file)), options_(options), problems_(problems) {}

  engine::Block Children(const XmlNode& node);
  engine::Instruction Element(const XmlNode& node);
  // The script of an element, its own text or the preloaded one of `src`; `missing` is told the
  // address that nobody provided.
  engine::Instruction Script(const XmlNode& node, std::vector<std::string>* missing = nullptr);
  // <param>, namelist and <content> of <send>, <invoke> and <donedata>.
  engine::Payload PayloadOf(const XmlNode& node);
  // An attribute that holds an expression; empty when absent. One that cannot be read is refused in
  // the product profile; elsewhere it is an error when it is evaluated (SCXML 5.9).
  engine::Expression Attribute(const XmlNode& node, const std::string& name);
  engine::Expression Condition(const XmlNode& node);  // cond; the rails' may assign nothing
  engine::Expression Parsed(const XmlNode& at, const std::string& text);
  // Children as a value: XML, JSON, or text with its spaces normalised (SCXML B.2).
  static engine::Value Literal(const XmlNode& node);
  static engine::Value LiteralOfText(const std::string& text);

  // Attributes of other namespaces, by local name.
  static engine::Attributes Foreign(const XmlNode& node);
  void Problem(const XmlNode& at, const std::string& code, const std::string& sentence);

 private:
  void Send(const XmlNode& node, engine::Instruction& made);
  void ForeignElement(const XmlNode& node, engine::Instruction& made);
  void If(const XmlNode& node, engine::Instruction& made);
  void Computed(const XmlNode& node, const std::vector<std::string>& names,
                engine::Instruction& made);

  std::string file_;
  const ReadOptions& options_;
  std::vector<ReadProblem>& problems_;
};

}  // namespace aiguillage::workflows
