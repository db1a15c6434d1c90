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

namespace mustache = kainjow::mustache;

mustache::data ToData(const View& view);

mustache::data ToData(const View::Field& field) {
  switch (field.kind) {
    case View::Field::Kind::kText:
      return field.text.empty() ? mustache::data(false) : mustache::data(field.text);
    case View::Field::Kind::kFlag:
      return mustache::data(field.flag);
    case View::Field::Kind::kView:
      return ToData(field.rows.front());
    case View::Field::Kind::kList:
      break;
  }
  mustache::data list(mustache::data::type::list);
  // push_back() copies each row deeply; the list itself is not const, only its accessor is.
  auto& rows = const_cast<mustache::list&>(list.list_value());
  rows.reserve(field.rows.size());
  for (const View& row : field.rows) rows.push_back(ToData(row));
  return list;
}

mustache::data ToData(const View& view) {
  mustache::data object(mustache::data::type::object);
  for (const View::Field& field : view.fields()) object[field.name] = ToData(field);
  return object;
}

std::string Unchanged(const std::string& text) { return text; }

using Stack = std::vector<const View*>;  // outermost first

// As the library looks: the innermost level that has the whole dotted path.
const View::Field* Resolve(const Stack& stack, const std::string& path) {
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

void FindMissing(const std::vector<NameNode>& nodes, const std::string& prefix, Stack& stack,
                 std::set<std::string>& missing) {
  for (const NameNode& node : nodes) {
    const View::Field* field = Resolve(stack, node.name);
    if (field == nullptr) missing.insert(prefix + node.name);
    if (!node.section) continue;
    const std::string inside = prefix + node.name + "/";
    const bool levels =
        field != nullptr && !node.inverted &&
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

void CollectNames(const std::vector<NameNode>& nodes, const std::string& prefix,
                  std::set<std::string>& names) {
  for (const NameNode& node : nodes) {
    names.insert(prefix + node.name);
    CollectNames(node.children, prefix + node.name + "/", names);
  }
}

bool IsIncludedOnly(const std::string& name) {
  const std::size_t slash = name.rfind('/');
  return name[slash == std::string::npos ? 0 : slash + 1] == '_';
}

}  // namespace

// Rendering is not const in the library but writes only when a template is broken, and none is:
// four threads on one parsed template are clean under TSan (tests/notifications/template_test.cpp).
struct Template::Impl {
  Impl(const std::string& text, Escape escape) : parsed(text), names(NameTree(text)) {
    if (escape == Escape::kPlain) parsed.set_custom_escape(Unchanged);
  }
  mutable mustache::mustache parsed;
  std::vector<NameNode> names;
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
  std::string out;
  const mustache::data data = ToData(view);
  impl_->parsed.render(data, [&out](const std::string& piece) { out += piece; });
  return out;
}

std::vector<std::string> Template::Names() const {
  std::set<std::string> names;
  CollectNames(impl_->names, "", names);
  return {names.begin(), names.end()};
}

std::vector<std::string> Template::Missing(const View& view) const {
  std::set<std::string> missing;
  Stack stack{&view};
  FindMissing(impl_->names, "", stack, missing);
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
    auto impl = std::make_shared<const Template::Impl>(Assemble(texts, name, options, none),
                                                       EscapeOf(name));
    if (!impl->parsed.is_valid()) {  // our own reading should have seen it first
      return RefusalOf({{name + ".mustache", 0, impl->parsed.error_message()}});
    }
    set.templates_.emplace(name, Template(std::move(impl)));
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
