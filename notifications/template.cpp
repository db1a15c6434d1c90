#include "notifications/template.h"

#include <filesystem>
#include <fstream>
#include <kainjow/mustache.hpp>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string_view>

#include "notifications/template_source.h"

namespace aiguillage::notifications {
namespace {

using Stack = std::vector<const View*>;  // outermost first

// As the library looks: the innermost level that has the whole dotted path.
const View::Field* Resolve(const Stack& stack, std::string_view path) {
  for (auto level = stack.rbegin(); level != stack.rend(); ++level) {
    const View* view = *level;
    const View::Field* field = nullptr;
    std::size_t from = 0;
    while (view != nullptr) {
      const std::size_t dot = path.find('.', from);
      field = view->Find(path.substr(from, dot - from));
      if (field == nullptr || dot == std::string::npos) break;
      from = dot + 1;
      view = field->kind == View::Field::Kind::kView ? &field->rows.front() : nullptr;
      field = nullptr;
    }
    if (field != nullptr) return field;
  }
  return nullptr;
}

void FindMissing(const std::vector<TemplateNode>& nodes, const std::string& prefix, Stack& stack,
                 std::set<std::string>& missing) {
  for (const TemplateNode& node : nodes) {
    if (node.kind == TemplateNode::Kind::kText) continue;
    const View::Field* field = Resolve(stack, node.name);
    if (field == nullptr) missing.insert(prefix + node.name);
    if (node.kind == TemplateNode::Kind::kVariable) continue;
    const std::string inside = prefix + node.name + "/";
    const bool levels =
        field != nullptr && node.kind == TemplateNode::Kind::kSection &&
        (field->kind == View::Field::Kind::kList || field->kind == View::Field::Kind::kView);
    if (!levels) {
      FindMissing(node.children, inside, stack, missing);
      continue;
    }
    for (const View& row : field->rows) {
      stack.push_back(&row);
      FindMissing(node.children, inside, stack, missing);
      stack.pop_back();
    }
  }
}

void CollectNames(const std::vector<TemplateNode>& nodes, const std::string& prefix,
                  std::set<std::string>& names) {
  for (const TemplateNode& node : nodes) {
    if (node.kind == TemplateNode::Kind::kText) continue;
    names.insert(prefix + node.name);
    CollectNames(node.children, prefix + node.name + "/", names);
  }
}

bool IsFalse(const View::Field* field) {
  if (field == nullptr) return true;
  switch (field->kind) {
    case View::Field::Kind::kText:
      return field->text.empty();
    case View::Field::Kind::kFlag:
      return !field->flag;
    case View::Field::Kind::kList:
      return field->rows.empty();
    case View::Field::Kind::kView:
      break;
  }
  return false;
}

// One page being made, straight from the view: the library wants a copy of it as its own data, and
// looks through that ten times slower. What is written is the same, byte for byte
// (tests/notifications/template_library_test.cpp asks it).
class Rendering {
 public:
  explicit Rendering(Escape escape) : escape_(escape) {}

  std::string Of(const std::vector<TemplateNode>& nodes, const View& view) {
    out_.reserve(16 * 1024);
    stack_.push_back(&view);
    Write(nodes);
    EndLine("");
    return std::move(out_);
  }

 private:
  void Write(const std::vector<TemplateNode>& nodes) {
    for (const TemplateNode& node : nodes) {
      switch (node.kind) {
        case TemplateNode::Kind::kText:
          WriteText(node);
          break;
        case TemplateNode::Kind::kVariable:
          WriteValue(Resolve(stack_, node.name));
          break;
        case TemplateNode::Kind::kSection:
          WriteSection(node, Resolve(stack_, node.name));
          break;
        case TemplateNode::Kind::kInverted:
          if (IsFalse(Resolve(stack_, node.name))) WriteInside(node);
          break;
      }
    }
  }

  void WriteText(const TemplateNode& node) {
    out_ += node.head;
    if (node.line_end.empty()) return;
    EndLine(node.line_end);
    out_ += node.lines;
    line_ = out_.size();
    out_ += node.tail;
  }

  void WriteSection(const TemplateNode& node, const View::Field* field) {
    if (IsFalse(field)) return;
    if (field->kind != View::Field::Kind::kList && field->kind != View::Field::Kind::kView) {
      return WriteInside(node);
    }
    for (const View& row : field->rows) {
      stack_.push_back(&row);
      WriteInside(node);
      stack_.pop_back();
    }
  }

  void WriteInside(const TemplateNode& node) {
    line_held_section_ = true;
    Write(node.children);
    line_held_section_ = true;
  }

  void WriteValue(const View::Field* field) {
    if (field == nullptr || field->kind != View::Field::Kind::kText) return;
    const std::string& text = field->text;
    if (escape_ == Escape::kPlain) {
      out_ += text;
      return;
    }
    std::size_t from = 0;  // of what was not written yet
    for (std::size_t at = 0; at < text.size(); ++at) {
      const std::string_view entity = EntityOf(text[at]);
      if (entity.empty()) continue;
      out_.append(text, from, at - from).append(entity);
      from = at + 1;
    }
    out_.append(text, from);
  }

  static std::string_view EntityOf(char c) {
    switch (c) {
      case '&':
        return "&amp;";
      case '<':
        return "&lt;";
      case '>':
        return "&gt;";
      case '"':
        return "&quot;";
      case '\'':
        return "&apos;";
      default:
        return {};
    }
  }

  // A line that held sections and nothing else leaves no blank one behind.
  void EndLine(std::string_view end) {
    if (line_held_section_ && out_.find_first_not_of(" \t", line_) == std::string::npos) {
      out_.resize(line_);
    } else {
      out_ += end;
    }
    line_ = out_.size();
    line_held_section_ = false;
  }

  const Escape escape_;
  Stack stack_;
  std::string out_;
  std::size_t line_ = 0;  // where the last line of `out_` begins
  bool line_held_section_ = false;
};

bool IsIncludedOnly(const std::string& name) {
  const std::size_t slash = name.rfind('/');
  return name[slash == std::string::npos ? 0 : slash + 1] == '_';
}

}  // namespace

struct Template::Impl {
  Impl(const std::string& text, Escape how) : nodes(ParseNodes(text)), escape(how) {}
  std::vector<TemplateNode> nodes;
  Escape escape;
};

engine::Refusal RefusalOf(const std::vector<TemplateProblem>& problems) {
  std::string sentences;
  for (const TemplateProblem& problem : problems) {
    if (!sentences.empty()) sentences += '\n';
    sentences += problem.file + ":" + std::to_string(problem.line) + " : " + problem.message;
  }
  return {"template", sentences, {}};
}

Escape EscapeOf(const std::string& name) {
  const std::string_view view(name);
  for (const std::string_view end : {".txt", ".subject"}) {
    if (view.size() > end.size() && view.substr(view.size() - end.size()) == end) {
      return Escape::kPlain;
    }
  }
  return Escape::kHtml;
}

std::string Template::Render(const View& view) const {
  return Rendering(impl_->escape).Of(impl_->nodes, view);
}

std::vector<std::string> Template::Names() const {
  std::set<std::string> names;
  CollectNames(impl_->nodes, "", names);
  return {names.begin(), names.end()};
}

std::vector<std::string> Template::Missing(const View& view) const {
  std::set<std::string> missing;
  Stack stack{&view};
  FindMissing(impl_->nodes, "", stack, missing);
  return {missing.begin(), missing.end()};
}

engine::Outcome<TemplateSet> TemplateSet::LoadFolder(const std::string& directory,
                                                     const TemplateOptions& options) {
  namespace fs = std::filesystem;
  std::error_code error;
  std::map<std::string, std::string> texts;
  for (fs::recursive_directory_iterator it(directory, error), end; !error && it != end;
       it.increment(error)) {
    if (it->path().extension() != ".mustache") continue;
    std::ifstream file(it->path(), std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file) return RefusalOf({{it->path().string(), 0, "fichier illisible"}});
    texts[fs::relative(it->path(), directory).replace_extension().generic_string()] = text.str();
  }
  if (error) return RefusalOf({{directory, 0, "dossier illisible : " + error.message()}});
  return LoadTexts(texts, options);
}

engine::Outcome<TemplateSet> TemplateSet::LoadTexts(const std::map<std::string, std::string>& texts,
                                                    const TemplateOptions& options) {
  const std::vector<TemplateProblem> problems = Check(texts, options);
  if (!problems.empty()) return RefusalOf(problems);
  TemplateSet set;
  std::vector<TemplateProblem> none;
  for (const auto& [name, text] : texts) {
    if (IsIncludedOnly(name)) continue;
    const std::string whole = Assemble(texts, name, options, none);
    const kainjow::mustache::mustache library(whole);
    if (!library.is_valid()) {  // our own reading should have seen it first
      return RefusalOf({{name + ".mustache", 0, library.error_message()}});
    }
    set.templates_.emplace(name,
                           Template(std::make_shared<const Template::Impl>(whole, EscapeOf(name))));
  }
  return set;
}

std::vector<TemplateProblem> TemplateSet::Check(const std::map<std::string, std::string>& texts,
                                                const TemplateOptions& options) {
  std::vector<TemplateProblem> problems;
  for (const auto& [name, text] : texts) {
    for (TemplateProblem& problem : CheckSource(name, text)) problems.push_back(std::move(problem));
  }
  if (!problems.empty()) return problems;  // inclusions are followed in sound files only
  for (const auto& [name, text] : texts) {
    if (!IsIncludedOnly(name)) Assemble(texts, name, options, problems);
  }
  // A file included by many tells its trouble once.
  std::set<std::string> told;
  std::erase_if(problems, [&](const TemplateProblem& problem) {
    return !told.insert(problem.file + std::to_string(problem.line) + problem.message).second;
  });
  return problems;
}

const Template& TemplateSet::Get(const std::string& name) const {
  const auto found = templates_.find(name);
  if (found == templates_.end()) {
    throw std::out_of_range("Expected a template named " + name + ", but there is none.");
  }
  return found->second;
}

std::vector<std::string> TemplateSet::Names() const {
  std::vector<std::string> names;
  for (const auto& [name, one] : templates_) names.push_back(name);
  return names;
}

}  // namespace aiguillage::notifications
